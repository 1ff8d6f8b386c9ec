/* engine */
SELECT CAST(SERVERPROPERTY('EngineEdition') AS int) AS [edition],
  CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS [version], @@VERSION AS [banner];

/* state */
SELECT SCHEMA_ID(N'dbo') AS [schema],
  OBJECT_ID(N'[dbo].[models]', N'U') AS [table_models],
  OBJECT_ID(N'[dbo].[models_names]', N'U') AS [table_names],
  OBJECT_ID(N'[dbo].[models_aliases]', N'U') AS [table_aliases],
  OBJECT_ID(N'[dbo].[models_alias_events]', N'U') AS [table_events],
  OBJECT_ID(N'[dbo].[models_dictionaries]', N'U') AS [table_dictionaries],
  OBJECT_ID(N'[dbo].[models_schema_versions]', N'U') AS [table_versions],
  COL_LENGTH(N'[dbo].[models]', N'id') AS [column_id],
  COL_LENGTH(N'[dbo].[models]', N'data') AS [column_data],
  COL_LENGTH(N'[dbo].[models]', N'description') AS [column_description],
  COL_LENGTH(N'[dbo].[models]', N'name') AS [column_name],
  COL_LENGTH(N'[dbo].[models]', N'version') AS [column_version],
  COL_LENGTH(N'[dbo].[models]', N'sha256') AS [column_sha256],
  COL_LENGTH(N'[dbo].[models]', N'bytes') AS [column_bytes],
  COL_LENGTH(N'[dbo].[models]', N'target') AS [column_target],
  COL_LENGTH(N'[dbo].[models]', N'full_description') AS [column_full_description],
  COL_LENGTH(N'[dbo].[models]', N'signature') AS [column_signature],
  COL_LENGTH(N'[dbo].[models]', N'verification') AS [column_verification],
  COL_LENGTH(N'[dbo].[models]', N'provenance') AS [column_provenance],
  COL_LENGTH(N'[dbo].[models]', N'interface_sha256') AS [column_interface_sha256],
  COL_LENGTH(N'[dbo].[models]', N'binding_sha256') AS [column_binding_sha256],
  COL_LENGTH(N'[dbo].[models]', N'created_at') AS [column_created_at],
  COL_LENGTH(N'[dbo].[models]', N'created_by') AS [column_created_by],
  COL_LENGTH(N'[dbo].[models]', N'model_id') AS [column_model_id],
  COL_LENGTH(N'[dbo].[models]', N'model_name') AS [column_model_name],
  COL_LENGTH(N'[dbo].[models]', N'model_framework') AS [column_model_framework],
  COL_LENGTH(N'[dbo].[models]', N'model_framework_version') AS [column_model_framework_version],
  COL_LENGTH(N'[dbo].[models]', N'model') AS [column_model],
  COL_LENGTH(N'[dbo].[models]', N'model_version') AS [column_model_version],
  COL_LENGTH(N'[dbo].[models]', N'model_creation_time') AS [column_model_creation_time],
  COL_LENGTH(N'[dbo].[models]', N'model_deployment_time') AS [column_model_deployment_time],
  COL_LENGTH(N'[dbo].[models]', N'deployed_by') AS [column_deployed_by],
  COL_LENGTH(N'[dbo].[models]', N'model_description') AS [column_model_description],
  COL_LENGTH(N'[dbo].[models]', N'run_id') AS [column_run_id];

/* schema version */
SELECT MAX([version]) AS [version] FROM [dbo].[models_schema_versions];

/* init: schema dbo */
IF SCHEMA_ID(N'dbo') IS NULL EXEC(N'CREATE SCHEMA [dbo]');

/* init: table [dbo].[models_schema_versions] */
IF OBJECT_ID(N'[dbo].[models_schema_versions]', N'U') IS NULL
    CREATE TABLE [dbo].[models_schema_versions] (
        [version] int NOT NULL,
        [applied_at] datetime2(3) NOT NULL,
        [applied_by] nvarchar(128) NULL,
        PRIMARY KEY ([version])
    );

/* init: table [dbo].[models] */
IF OBJECT_ID(N'[dbo].[models]', N'U') IS NULL
    CREATE TABLE [dbo].[models] (
        [id] int IDENTITY(1,1) NOT NULL,
        [data] varbinary(max) NULL,
        [description] varchar(1000) NULL,
        PRIMARY KEY ([id])
    );

/* init: columns id, data and description of [dbo].[models] beside those of Azure Data Studio, and its models in them */
IF EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'model_id') AND NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'id') ALTER TABLE [dbo].[models] ADD [id] AS [model_id];
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'data') ALTER TABLE [dbo].[models] ADD [data] varbinary(max) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'description') ALTER TABLE [dbo].[models] ADD [description] varchar(1000) NULL;
IF EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'model_name') AND EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'model')
BEGIN
    EXEC(N'UPDATE [dbo].[models] SET [data] = [model], [description] = [model_description] WHERE [data] IS NULL;');
    IF NOT EXISTS (SELECT 1 FROM sys.default_constraints AS d JOIN sys.columns AS c
        ON c.[object_id] = d.[parent_object_id] AND c.[column_id] = d.[parent_column_id]
        WHERE d.[parent_object_id] = OBJECT_ID(N'[dbo].[models]') AND c.[name] = N'model')
        EXEC(N'ALTER TABLE [dbo].[models] ADD DEFAULT 0x FOR [model];');
    IF NOT EXISTS (SELECT 1 FROM sys.default_constraints AS d JOIN sys.columns AS c
        ON c.[object_id] = d.[parent_object_id] AND c.[column_id] = d.[parent_column_id]
        WHERE d.[parent_object_id] = OBJECT_ID(N'[dbo].[models]') AND c.[name] = N'model_name')
        EXEC(N'ALTER TABLE [dbo].[models] ADD DEFAULT '''' FOR [model_name];');
END;

/* init: columns of [dbo].[models] for names, versions, signatures and proofs */
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'name') ALTER TABLE [dbo].[models] ADD [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'version') ALTER TABLE [dbo].[models] ADD [version] int NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'sha256') ALTER TABLE [dbo].[models] ADD [sha256] char(64) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'bytes') ALTER TABLE [dbo].[models] ADD [bytes] bigint NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'target') ALTER TABLE [dbo].[models] ADD [target] varchar(32) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'full_description') ALTER TABLE [dbo].[models] ADD [full_description] nvarchar(max) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'signature') ALTER TABLE [dbo].[models] ADD [signature] nvarchar(max) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'verification') ALTER TABLE [dbo].[models] ADD [verification] nvarchar(max) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'provenance') ALTER TABLE [dbo].[models] ADD [provenance] nvarchar(max) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'interface_sha256') ALTER TABLE [dbo].[models] ADD [interface_sha256] char(64) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'binding_sha256') ALTER TABLE [dbo].[models] ADD [binding_sha256] char(64) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'created_at') ALTER TABLE [dbo].[models] ADD [created_at] datetime2(3) NULL;
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'created_by') ALTER TABLE [dbo].[models] ADD [created_by] nvarchar(128) NULL;

/* init: index of [dbo].[models] by name */
IF NOT EXISTS (SELECT 1 FROM sys.index_columns AS i JOIN sys.columns AS c
        ON c.[object_id] = i.[object_id] AND c.[column_id] = i.[column_id]
        WHERE i.[object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND c.[name] = N'name')
    CREATE INDEX [predictable_name] ON [dbo].[models] ([name], [version]);

/* init: table [dbo].[models_names] */
IF OBJECT_ID(N'[dbo].[models_names]', N'U') IS NULL
    CREATE TABLE [dbo].[models_names] (
        [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [last_version] int NOT NULL,
        PRIMARY KEY ([name])
    );

/* init: table [dbo].[models_aliases] */
IF OBJECT_ID(N'[dbo].[models_aliases]', N'U') IS NULL
    CREATE TABLE [dbo].[models_aliases] (
        [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [alias] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [version] int NOT NULL,
        PRIMARY KEY ([name], [alias])
    );

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
        [happened_by] nvarchar(128) NULL,
        PRIMARY KEY ([event_id])
    );

/* init: table [dbo].[models_dictionaries] */
IF OBJECT_ID(N'[dbo].[models_dictionaries]', N'U') IS NULL
    CREATE TABLE [dbo].[models_dictionaries] (
        [model_id] int NOT NULL,
        [kind] varchar(8) NOT NULL,
        [column_name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [code] bigint NOT NULL,
        [value] nvarchar(4000) COLLATE Latin1_General_100_BIN2 NOT NULL,
        PRIMARY KEY ([model_id], [kind], [column_name], [code])
    );

/* init: record */
INSERT INTO [dbo].[models_schema_versions] ([version], [applied_at], [applied_by])
SELECT 1, SYSUTCDATETIME(), ORIGINAL_LOGIN()
WHERE NOT EXISTS (SELECT 1 FROM [dbo].[models_schema_versions] WHERE [version] = 1);

/* version: newest */
SELECT m.[id], m.[name], m.[version], m.[sha256], m.[bytes], m.[target], m.[full_description] AS [description],
  m.[signature], m.[verification], m.[provenance], m.[created_at] AS [created], m.[created_by] AS [createdBy], a.[alias]
FROM [dbo].[models] AS m LEFT JOIN [dbo].[models_aliases] AS a ON a.[name] = m.[name] AND a.[version] = m.[version]
WHERE m.[name] IS NOT NULL AND m.[version] = (SELECT MAX(n.[version]) FROM [dbo].[models] AS n WHERE n.[name] = m.[name]) ORDER BY m.[name], a.[alias];

/* version: all */
SELECT m.[id], m.[name], m.[version], m.[sha256], m.[bytes], m.[target], m.[full_description] AS [description],
  m.[signature], m.[verification], m.[provenance], m.[created_at] AS [created], m.[created_by] AS [createdBy], a.[alias]
FROM [dbo].[models] AS m LEFT JOIN [dbo].[models_aliases] AS a ON a.[name] = m.[name] AND a.[version] = m.[version]
WHERE m.[name] IS NOT NULL ORDER BY m.[name], m.[version], a.[alias];

/* version: ofName */
SELECT m.[id], m.[name], m.[version], m.[sha256], m.[bytes], m.[target], m.[full_description] AS [description],
  m.[signature], m.[verification], m.[provenance], m.[created_at] AS [created], m.[created_by] AS [createdBy], a.[alias]
FROM [dbo].[models] AS m LEFT JOIN [dbo].[models_aliases] AS a ON a.[name] = m.[name] AND a.[version] = m.[version]
WHERE m.[name] = @name ORDER BY m.[version] DESC, a.[alias];

/* version: newestOfName */
SELECT m.[id], m.[name], m.[version], m.[sha256], m.[bytes], m.[target], m.[full_description] AS [description],
  m.[signature], m.[verification], m.[provenance], m.[created_at] AS [created], m.[created_by] AS [createdBy], a.[alias]
FROM [dbo].[models] AS m LEFT JOIN [dbo].[models_aliases] AS a ON a.[name] = m.[name] AND a.[version] = m.[version]
WHERE m.[name] = @name AND m.[version] = (SELECT MAX(n.[version]) FROM [dbo].[models] AS n WHERE n.[name] = @name) ORDER BY a.[alias];

/* version: byVersion */
SELECT m.[id], m.[name], m.[version], m.[sha256], m.[bytes], m.[target], m.[full_description] AS [description],
  m.[signature], m.[verification], m.[provenance], m.[created_at] AS [created], m.[created_by] AS [createdBy], a.[alias]
FROM [dbo].[models] AS m LEFT JOIN [dbo].[models_aliases] AS a ON a.[name] = m.[name] AND a.[version] = m.[version]
WHERE m.[name] = @name AND m.[version] = @version ORDER BY a.[alias];

/* version: byAlias */
SELECT m.[id], m.[name], m.[version], m.[sha256], m.[bytes], m.[target], m.[full_description] AS [description],
  m.[signature], m.[verification], m.[provenance], m.[created_at] AS [created], m.[created_by] AS [createdBy], a.[alias]
FROM [dbo].[models] AS m LEFT JOIN [dbo].[models_aliases] AS a ON a.[name] = m.[name] AND a.[version] = m.[version]
WHERE m.[name] = @name AND m.[version] = (SELECT b.[version] FROM [dbo].[models_aliases] AS b WHERE b.[name] = @name AND b.[alias] = @alias) ORDER BY a.[alias];

/* version: bySha256 */
SELECT m.[id], m.[name], m.[version], m.[sha256], m.[bytes], m.[target], m.[full_description] AS [description],
  m.[signature], m.[verification], m.[provenance], m.[created_at] AS [created], m.[created_by] AS [createdBy], a.[alias]
FROM [dbo].[models] AS m LEFT JOIN [dbo].[models_aliases] AS a ON a.[name] = m.[name] AND a.[version] = m.[version]
WHERE m.[name] = @name AND m.[sha256] = @sha256 ORDER BY m.[version] DESC, a.[alias];

/* alias: version */
SELECT [version] FROM [dbo].[models_aliases] WHERE [name] = @name AND [alias] = @alias;

/* alias: insert */
INSERT INTO [dbo].[models_aliases] ([name], [alias], [version]) VALUES (@name, @alias, @version);

/* alias: update */
UPDATE [dbo].[models_aliases] SET [version] = @version WHERE [name] = @name AND [alias] = @alias;

/* alias: log */
INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
SELECT @name, @alias, @version, @previous, @action, SYSUTCDATETIME(), ORIGINAL_LOGIN();

/* alias: events */
SELECT [alias], [version], [previous], [action], [happened_at] AS [at], [happened_by] AS [by] FROM [dbo].[models_alias_events] WHERE [name] = @name ORDER BY [event_id] DESC;

/* contents: lock */
UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name; SELECT @@ROWCOUNT AS [locked];

/* contents: firstLock */
INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);

/* contents: count */
UPDATE [dbo].[models_names] SET [last_version] = [last_version] + 1 WHERE [name] = @name;

/* contents: insert */
UPDATE [dbo].[models_names] SET [last_version] = [last_version] + 1 WHERE [name] = @name;
INSERT INTO [dbo].[models] ([data], [description], [name], [version], [sha256], [bytes], [target], [full_description], [signature],
  [verification], [provenance], [interface_sha256], [binding_sha256], [created_at], [created_by])
SELECT @data, LEFT(@description, 1000), @name, n.[last_version], @sha256, @bytes, @target, @description, @signature,
  @verification, @provenance, @interface_sha256, @binding_sha256, SYSUTCDATETIME(), ORIGINAL_LOGIN()
FROM [dbo].[models_names] AS n WHERE n.[name] = @name;
SELECT m.[id], m.[version], HASHBYTES('SHA2_256', m.[data]) AS [hash]
FROM [dbo].[models] AS m JOIN [dbo].[models_names] AS n ON n.[name] = m.[name] AND n.[last_version] = m.[version] WHERE m.[name] = @name;

/* contents: verification */
UPDATE [dbo].[models] SET [verification] = @verification WHERE [id] = @id;

/* contents: provenance */
UPDATE [dbo].[models] SET [provenance] = @provenance WHERE [id] = @id;

/* contents: data */
SELECT [data] FROM [dbo].[models] WHERE [id] = @id;

/* contents: hash */
SELECT HASHBYTES('SHA2_256', [data]) AS [hash] FROM [dbo].[models] WHERE [id] = @id;

/* contents: remove */
DELETE FROM [dbo].[models_dictionaries] WHERE [model_id] = @id; DELETE FROM [dbo].[models] WHERE [id] = @id;

/* contents: dictionary of 2 */
INSERT INTO [dbo].[models_dictionaries] ([model_id], [kind], [column_name], [code], [value])
SELECT @id, @kind0, @column0, @code0, @value0
UNION ALL SELECT @id, @kind1, @column1, @code1, @value1;

/* adopt: rows */
SELECT [id], [description] FROM [dbo].[models] WHERE [name] IS NULL AND [data] IS NOT NULL ORDER BY [id];

/* adopt: studioRows */
SELECT [id], [description], [model_name] FROM [dbo].[models] WHERE [name] IS NULL AND [data] IS NOT NULL ORDER BY [id];

/* adopt: adopt */
UPDATE [dbo].[models_names] SET [last_version] = [last_version] + 1 WHERE [name] = @name;
UPDATE [dbo].[models] SET [name] = @name, [version] = (SELECT n.[last_version] FROM [dbo].[models_names] AS n WHERE n.[name] = @name),
  [sha256] = @sha256, [bytes] = @bytes, [target] = @target, [full_description] = @description, [signature] = @signature,
  [verification] = @verification, [provenance] = @provenance, [interface_sha256] = @interface_sha256,
  [binding_sha256] = @binding_sha256, [created_at] = SYSUTCDATETIME(), [created_by] = ORIGINAL_LOGIN()
WHERE [id] = @id AND [name] IS NULL;
SELECT [version] FROM [dbo].[models] WHERE [id] = @id;
