/* init: table [dbo].[models_schema_versions] */
IF OBJECT_ID(N'[dbo].[models_schema_versions]', N'U') IS NULL
    CREATE TABLE [dbo].[models_schema_versions] (
        [version] int NOT NULL,
        [applied_at] datetime2(3) NOT NULL,
        [applied_by] nvarchar(128) NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);

/* init: table [dbo].[models] */
IF OBJECT_ID(N'[dbo].[models]', N'U') IS NULL
    CREATE TABLE [dbo].[models] (
        [id] int IDENTITY(1,1) NOT NULL,
        [data] varbinary(max) NULL,
        [description] varchar(1000) NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);

/* init: table [dbo].[models_names] */
IF OBJECT_ID(N'[dbo].[models_names]', N'U') IS NULL
    CREATE TABLE [dbo].[models_names] (
        [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [last_version] int NOT NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);

/* init: table [dbo].[models_aliases] */
IF OBJECT_ID(N'[dbo].[models_aliases]', N'U') IS NULL
    CREATE TABLE [dbo].[models_aliases] (
        [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [alias] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [version] int NOT NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);

/* init: table [dbo].[models_alias_events] */
IF OBJECT_ID(N'[dbo].[models_alias_events]', N'U') IS NULL
    CREATE TABLE [dbo].[models_alias_events] (
        [event_id] bigint IDENTITY(1,1) NOT NULL,
        [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [alias] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [version] int NULL,
        [previous] int NULL,
        [action] varchar(16) NOT NULL,
        [happened_at] datetime2(3) NOT NULL,
        [happened_by] nvarchar(128) NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);

/* init: table [dbo].[models_dictionaries] */
IF OBJECT_ID(N'[dbo].[models_dictionaries]', N'U') IS NULL
    CREATE TABLE [dbo].[models_dictionaries] (
        [model_id] int NOT NULL,
        [kind] varchar(8) NOT NULL,
        [column_name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [code] bigint NOT NULL,
        [value] nvarchar(4000) COLLATE Latin1_General_100_BIN2 NOT NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);

/* init: record */
INSERT INTO [dbo].[models_schema_versions] ([version], [applied_at], [applied_by])
SELECT 1, SYSUTCDATETIME(), SYSTEM_USER
WHERE NOT EXISTS (SELECT 1 FROM [dbo].[models_schema_versions] WHERE [version] = 1);

/* alias: log */
INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
SELECT @name, @alias, @version, @previous, @action, SYSUTCDATETIME(), SYSTEM_USER;

/* contents: insert */
UPDATE [dbo].[models_names] SET [last_version] = [last_version] + 1 WHERE [name] = @name;
INSERT INTO [dbo].[models] ([data], [description], [name], [version], [sha256], [bytes], [target], [full_description], [signature],
  [verification], [provenance], [interface_sha256], [binding_sha256], [created_at], [created_by])
SELECT @data, LEFT(@description, 1000), @name, n.[last_version], @sha256, @bytes, @target, @description, @signature,
  @verification, @provenance, @interface_sha256, @binding_sha256, SYSUTCDATETIME(), SYSTEM_USER
FROM [dbo].[models_names] AS n WHERE n.[name] = @name;
SELECT m.[id], m.[version], HASHBYTES('SHA2_256', m.[data]) AS [hash]
FROM [dbo].[models] AS m JOIN [dbo].[models_names] AS n ON n.[name] = m.[name] AND n.[last_version] = m.[version] WHERE m.[name] = @name;

/* adopt: adopt */
UPDATE [dbo].[models_names] SET [last_version] = [last_version] + 1 WHERE [name] = @name;
UPDATE [dbo].[models] SET [name] = @name, [version] = (SELECT n.[last_version] FROM [dbo].[models_names] AS n WHERE n.[name] = @name),
  [sha256] = @sha256, [bytes] = @bytes, [target] = @target, [full_description] = @description, [signature] = @signature,
  [verification] = @verification, [provenance] = @provenance, [interface_sha256] = @interface_sha256,
  [binding_sha256] = @binding_sha256, [created_at] = SYSUTCDATETIME(), [created_by] = SYSTEM_USER
WHERE [id] = @id AND [name] IS NULL;
SELECT [version] FROM [dbo].[models] WHERE [id] = @id;
