/* init */
-- Makes the registry [dbo].[models], or brings it up to date.
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
-- schema dbo
IF SCHEMA_ID(N'dbo') IS NULL EXEC(N'CREATE SCHEMA [dbo]');
-- table [dbo].[models_schema_versions]
IF OBJECT_ID(N'[dbo].[models_schema_versions]', N'U') IS NULL
    CREATE TABLE [dbo].[models_schema_versions] (
        [version] int NOT NULL,
        [applied_at] datetime2(3) NOT NULL,
        [applied_by] nvarchar(128) NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);
-- table [dbo].[models]
IF OBJECT_ID(N'[dbo].[models]', N'U') IS NULL
    CREATE TABLE [dbo].[models] (
        [id] int IDENTITY(1,1) NOT NULL,
        [data] varbinary(max) NULL,
        [description] varchar(1000) NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);
-- columns id, data and description of [dbo].[models] beside those of Azure Data Studio, and its models in them
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
-- columns of [dbo].[models] for names, versions, signatures and proofs
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
-- index of [dbo].[models] by name
IF NOT EXISTS (SELECT 1 FROM sys.index_columns AS i JOIN sys.columns AS c
        ON c.[object_id] = i.[object_id] AND c.[column_id] = i.[column_id]
        WHERE i.[object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND c.[name] = N'name')
    CREATE INDEX [predictable_name] ON [dbo].[models] ([name], [version]);
-- table [dbo].[models_names]
IF OBJECT_ID(N'[dbo].[models_names]', N'U') IS NULL
    CREATE TABLE [dbo].[models_names] (
        [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [last_version] int NOT NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);
-- table [dbo].[models_aliases]
IF OBJECT_ID(N'[dbo].[models_aliases]', N'U') IS NULL
    CREATE TABLE [dbo].[models_aliases] (
        [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [alias] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [version] int NOT NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);
-- table [dbo].[models_alias_events]
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
-- table [dbo].[models_dictionaries]
IF OBJECT_ID(N'[dbo].[models_dictionaries]', N'U') IS NULL
    CREATE TABLE [dbo].[models_dictionaries] (
        [model_id] int NOT NULL,
        [kind] varchar(8) NOT NULL,
        [column_name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [code] bigint NOT NULL,
        [value] nvarchar(4000) COLLATE Latin1_General_100_BIN2 NOT NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);
INSERT INTO [dbo].[models_schema_versions] ([version], [applied_at], [applied_by])
SELECT 1, SYSUTCDATETIME(), SYSTEM_USER
WHERE NOT EXISTS (SELECT 1 FROM [dbo].[models_schema_versions] WHERE [version] = 1);

/* init, undo */
-- Takes the registry [dbo].[models] away again, as long as it has no models.
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
IF EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(N'[dbo].[models]', N'U') AND [name] = N'name')
BEGIN
    EXEC(N'IF EXISTS (SELECT 1 FROM [dbo].[models] WHERE [name] IS NOT NULL AND [provenance] NOT LIKE N''{"adopted":true%'') BEGIN; THROW 50006, N''the registry has models: remove them first'', 1; END;');
    DROP INDEX [predictable_name] ON [dbo].[models];
    ALTER TABLE [dbo].[models] DROP COLUMN [name];
    ALTER TABLE [dbo].[models] DROP COLUMN [version];
    ALTER TABLE [dbo].[models] DROP COLUMN [sha256];
    ALTER TABLE [dbo].[models] DROP COLUMN [bytes];
    ALTER TABLE [dbo].[models] DROP COLUMN [target];
    ALTER TABLE [dbo].[models] DROP COLUMN [full_description];
    ALTER TABLE [dbo].[models] DROP COLUMN [signature];
    ALTER TABLE [dbo].[models] DROP COLUMN [verification];
    ALTER TABLE [dbo].[models] DROP COLUMN [provenance];
    ALTER TABLE [dbo].[models] DROP COLUMN [interface_sha256];
    ALTER TABLE [dbo].[models] DROP COLUMN [binding_sha256];
    ALTER TABLE [dbo].[models] DROP COLUMN [created_at];
    ALTER TABLE [dbo].[models] DROP COLUMN [created_by];
END;
IF OBJECT_ID(N'[dbo].[models]', N'U') IS NOT NULL
BEGIN
    IF NOT EXISTS (SELECT 1 FROM [dbo].[models]) DROP TABLE [dbo].[models];
END;
IF OBJECT_ID(N'[dbo].[models_names]', N'U') IS NOT NULL DROP TABLE [dbo].[models_names];
IF OBJECT_ID(N'[dbo].[models_aliases]', N'U') IS NOT NULL DROP TABLE [dbo].[models_aliases];
IF OBJECT_ID(N'[dbo].[models_alias_events]', N'U') IS NOT NULL DROP TABLE [dbo].[models_alias_events];
IF OBJECT_ID(N'[dbo].[models_dictionaries]', N'U') IS NOT NULL DROP TABLE [dbo].[models_dictionaries];
IF OBJECT_ID(N'[dbo].[models_schema_versions]', N'U') IS NOT NULL DROP TABLE [dbo].[models_schema_versions];

/* register */
-- Registers a version of iris and points iris@production to it.
-- sha256 of the model: 7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed
-- Written by predictable. Running it twice is running it once.
IF OBJECT_ID(N'tempdb..#predictable_parts') IS NOT NULL DROP TABLE #predictable_parts;
CREATE TABLE #predictable_parts ([part] int NOT NULL PRIMARY KEY, [data] varbinary(max) NOT NULL);
GO
INSERT INTO #predictable_parts ([part], [data]) VALUES (1, 0x6f6e65);
GO
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @sha256 char(64) = N'7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed';
DECLARE @bytes bigint = 3;
DECLARE @target varchar(32) = N'sql-edge';
DECLARE @description nvarchar(max) = N'it''s a model';
DECLARE @signature nvarchar(max) = N'{"inputs":[{"name":"sepal length","type":"float","sqlType":"real","nulls":"nan"},{"name":"city","type":"int64","sqlType":"bigint","nulls":"error","categories":["Lund","M''ö"],"unknown":"zeros"}],"outputs":[{"name":"label","type":"int64","sqlType":"bigint","role":"label","labels":["setosa","virginica"]},{"name":"probability","type":"float","sqlType":"real","role":"probability"}]}';
DECLARE @verification nvarchar(max) = N'{"status":"passed","rows":150,"rowsSource":"sample","reference":"native","runtimes":["1.30.0","1.12.1"],"runtimesNotChecked":[],"maxAbsDiff":3.1e-7,"maxRelDiff":0.000002,"labelMismatches":0,"rtol":0.0001,"atol":0.00001,"rounding":{"rowsChanged":0,"maxAbsDiff":0}}';
DECLARE @provenance nvarchar(max) = N'{"source":"iris.joblib","options":{"precision":"float","nested":[1,null,"ü"]}}';
DECLARE @interface_sha256 char(64) = N'5c4119c82b75f7aac115c1d7531315f4e77db78a2d5d14aad3f0c86c0c0ba7b1';
DECLARE @binding_sha256 char(64) = N'2b9560c3fcf107b113d2a80a77e1c990eac1d42d77c69b368a984269ccaa5be4';
DECLARE @alias nvarchar(128) = N'production';
DECLARE @action varchar(16) = 'register';
DECLARE @data varbinary(max) = (SELECT [data] FROM #predictable_parts WHERE [part] = 1);
DECLARE @part int = 2;
WHILE @part <= (SELECT MAX([part]) FROM #predictable_parts)
BEGIN
    SET @data = @data + (SELECT [data] FROM #predictable_parts WHERE [part] = @part);
    SET @part = @part + 1;
END;
IF @data IS NULL OR HASHBYTES('SHA2_256', @data) <> 0x7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed
BEGIN; THROW 50002, N'the bytes of iris in this script are not whole: write it again', 1; END;
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    DECLARE @version int = (SELECT MAX(m.[version]) FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[sha256] = @sha256);
    IF @version IS NULL
    BEGIN
        UPDATE [dbo].[models_names] SET [last_version] = [last_version] + 1 WHERE [name] = @name;
        INSERT INTO [dbo].[models] ([data], [description], [name], [version], [sha256], [bytes], [target], [full_description], [signature],
          [verification], [provenance], [interface_sha256], [binding_sha256], [created_at], [created_by])
        SELECT @data, LEFT(@description, 1000), @name, n.[last_version], @sha256, @bytes, @target, @description, @signature,
          @verification, @provenance, @interface_sha256, @binding_sha256, SYSUTCDATETIME(), SYSTEM_USER
        FROM [dbo].[models_names] AS n WHERE n.[name] = @name;
        DECLARE @new_version int = (SELECT n.[last_version] FROM [dbo].[models_names] AS n WHERE n.[name] = @name);
        DECLARE @id int = (SELECT m.[id] FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @new_version);
        IF NOT EXISTS (SELECT 1 FROM [dbo].[models] AS m WHERE m.[id] = @id AND HASHBYTES('SHA2_256', m.[data]) = 0x7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed)
        BEGIN; THROW 50002, N'the stored bytes of iris are not those of this script', 1; END;
        INSERT INTO [dbo].[models_dictionaries] ([model_id], [kind], [column_name], [code], [value])
        SELECT @id, 'input', N'city', 0, N'Lund'
        UNION ALL SELECT @id, 'input', N'city', 1, N'M''ö'
        UNION ALL SELECT @id, 'output', N'label', 0, N'setosa'
        UNION ALL SELECT @id, 'output', N'label', 1, N'virginica';
        SET @version = @new_version;
    END;
    DECLARE @previous int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    IF @previous IS NOT NULL AND (SELECT m.[interface_sha256] FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @previous) <> (SELECT m.[interface_sha256] FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @version)
    BEGIN; THROW 50004, N'SIGNATURE_CHANGED: the version behind iris@production has other columns. Write the script with --allow-signature-change when callers are ready for it.', 1; END;
    IF @previous IS NULL
    BEGIN
        INSERT INTO [dbo].[models_aliases] ([name], [alias], [version]) VALUES (@name, @alias, @version);
    END;
    IF @previous <> @version
    BEGIN
        UPDATE [dbo].[models_aliases] SET [version] = @version WHERE [name] = @name AND [alias] = @alias;
    END;
    IF @previous IS NULL OR @previous <> @version
    BEGIN
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @version, @previous, @action, SYSUTCDATETIME(), SYSTEM_USER;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;
SELECT @name AS [name], @version AS [version];
DROP TABLE #predictable_parts;

/* register, undo */
-- Takes back: a version of iris and points iris@production to it.
-- Removes the version with these bytes: do not run it when they were registered before.
-- sha256 of the model: 7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @alias nvarchar(128) = N'production';
DECLARE @sha256 char(64) = N'7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed';
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    DECLARE @version int = (SELECT MAX(m.[version]) FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[sha256] = @sha256);
    IF @version IS NOT NULL
    BEGIN
        DECLARE @now int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
        DECLARE @before int = (SELECT TOP (1) [previous] FROM [dbo].[models_alias_events] WHERE [name] = @name AND [alias] = @alias AND [version] = @version ORDER BY [event_id] DESC);
        IF @now IS NOT NULL AND @now <> @version AND (@before IS NULL OR @now <> @before)
        BEGIN; THROW 50007, N'iris@production has moved on since: take the later move back first', 1; END;
        IF @now = @version AND @before IS NOT NULL
        BEGIN
            UPDATE [dbo].[models_aliases] SET [version] = @before WHERE [name] = @name AND [alias] = @alias;
            INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
            SELECT @name, @alias, @before, @version, 'rollback', SYSUTCDATETIME(), SYSTEM_USER;
        END;
        IF @now = @version AND @before IS NULL
        BEGIN
            DELETE FROM [dbo].[models_aliases] WHERE [name] = @name AND [alias] = @alias;
            INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
            SELECT @name, @alias, @before, @version, 'remove', SYSUTCDATETIME(), SYSTEM_USER;
        END;
    END;
    IF @version IS NOT NULL
    BEGIN
        IF EXISTS (SELECT 1 FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[version] = @version)
        BEGIN; THROW 50006, N'iris is in use: an alias points to it. Put the alias on another version first.', 1; END;
        DECLARE @id int = (SELECT m.[id] FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @version);
        DELETE FROM [dbo].[models_dictionaries] WHERE [model_id] = @id; DELETE FROM [dbo].[models] WHERE [id] = @id;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;

/* register without an alias */
-- Registers a version of iris.
-- sha256 of the model: 7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed
-- Written by predictable. Running it twice is running it once.
IF OBJECT_ID(N'tempdb..#predictable_parts') IS NOT NULL DROP TABLE #predictable_parts;
CREATE TABLE #predictable_parts ([part] int NOT NULL PRIMARY KEY, [data] varbinary(max) NOT NULL);
GO
INSERT INTO #predictable_parts ([part], [data]) VALUES (1, 0x6f6e65);
GO
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @sha256 char(64) = N'7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed';
DECLARE @bytes bigint = 3;
DECLARE @target varchar(32) = N'sql-edge';
DECLARE @description nvarchar(max) = NULL;
DECLARE @signature nvarchar(max) = N'{"inputs":[{"name":"sepal length","type":"float","sqlType":"real","nulls":"nan"},{"name":"city","type":"int64","sqlType":"bigint","nulls":"error","categories":["Lund","M''ö"],"unknown":"zeros"}],"outputs":[{"name":"label","type":"int64","sqlType":"bigint","role":"label","labels":["setosa","virginica"]},{"name":"probability","type":"float","sqlType":"real","role":"probability"}]}';
DECLARE @verification nvarchar(max) = NULL;
DECLARE @provenance nvarchar(max) = N'{"source":"iris.joblib","options":{"precision":"float","nested":[1,null,"ü"]}}';
DECLARE @interface_sha256 char(64) = N'5c4119c82b75f7aac115c1d7531315f4e77db78a2d5d14aad3f0c86c0c0ba7b1';
DECLARE @binding_sha256 char(64) = N'2b9560c3fcf107b113d2a80a77e1c990eac1d42d77c69b368a984269ccaa5be4';
DECLARE @data varbinary(max) = (SELECT [data] FROM #predictable_parts WHERE [part] = 1);
DECLARE @part int = 2;
WHILE @part <= (SELECT MAX([part]) FROM #predictable_parts)
BEGIN
    SET @data = @data + (SELECT [data] FROM #predictable_parts WHERE [part] = @part);
    SET @part = @part + 1;
END;
IF @data IS NULL OR HASHBYTES('SHA2_256', @data) <> 0x7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed
BEGIN; THROW 50002, N'the bytes of iris in this script are not whole: write it again', 1; END;
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    DECLARE @version int = (SELECT MAX(m.[version]) FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[sha256] = @sha256);
    IF @version IS NULL
    BEGIN
        UPDATE [dbo].[models_names] SET [last_version] = [last_version] + 1 WHERE [name] = @name;
        INSERT INTO [dbo].[models] ([data], [description], [name], [version], [sha256], [bytes], [target], [full_description], [signature],
          [verification], [provenance], [interface_sha256], [binding_sha256], [created_at], [created_by])
        SELECT @data, LEFT(@description, 1000), @name, n.[last_version], @sha256, @bytes, @target, @description, @signature,
          @verification, @provenance, @interface_sha256, @binding_sha256, SYSUTCDATETIME(), SYSTEM_USER
        FROM [dbo].[models_names] AS n WHERE n.[name] = @name;
        DECLARE @new_version int = (SELECT n.[last_version] FROM [dbo].[models_names] AS n WHERE n.[name] = @name);
        DECLARE @id int = (SELECT m.[id] FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @new_version);
        IF NOT EXISTS (SELECT 1 FROM [dbo].[models] AS m WHERE m.[id] = @id AND HASHBYTES('SHA2_256', m.[data]) = 0x7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed)
        BEGIN; THROW 50002, N'the stored bytes of iris are not those of this script', 1; END;
        INSERT INTO [dbo].[models_dictionaries] ([model_id], [kind], [column_name], [code], [value])
        SELECT @id, 'input', N'city', 0, N'Lund'
        UNION ALL SELECT @id, 'input', N'city', 1, N'M''ö'
        UNION ALL SELECT @id, 'output', N'label', 0, N'setosa'
        UNION ALL SELECT @id, 'output', N'label', 1, N'virginica';
        SET @version = @new_version;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;
SELECT @name AS [name], @version AS [version];
DROP TABLE #predictable_parts;

/* promote */
-- Points iris@production to version 3.
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @alias nvarchar(128) = N'production';
DECLARE @version int = 3;
DECLARE @action varchar(16) = 'promote';
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    IF NOT EXISTS (SELECT 1 FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @version)
    BEGIN; THROW 50001, N'iris@3 is not in this registry', 1; END;
    DECLARE @previous int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    IF @previous IS NOT NULL AND (SELECT m.[interface_sha256] FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @previous) <> (SELECT m.[interface_sha256] FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @version)
    BEGIN; THROW 50004, N'SIGNATURE_CHANGED: the version behind iris@production has other columns. Write the script with --allow-signature-change when callers are ready for it.', 1; END;
    IF @previous IS NULL
    BEGIN
        INSERT INTO [dbo].[models_aliases] ([name], [alias], [version]) VALUES (@name, @alias, @version);
    END;
    IF @previous <> @version
    BEGIN
        UPDATE [dbo].[models_aliases] SET [version] = @version WHERE [name] = @name AND [alias] = @alias;
    END;
    IF @previous IS NULL OR @previous <> @version
    BEGIN
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @version, @previous, @action, SYSUTCDATETIME(), SYSTEM_USER;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;

/* promote, undo */
-- Takes back: iris@production to version 3.
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @alias nvarchar(128) = N'production';
DECLARE @version int = 3;
DECLARE @action varchar(16) = 'promote';
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    DECLARE @now int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    DECLARE @before int = (SELECT TOP (1) [previous] FROM [dbo].[models_alias_events] WHERE [name] = @name AND [alias] = @alias AND [version] = @version ORDER BY [event_id] DESC);
    IF @now IS NOT NULL AND @now <> @version AND (@before IS NULL OR @now <> @before)
    BEGIN; THROW 50007, N'iris@production has moved on since: take the later move back first', 1; END;
    IF @now = @version AND @before IS NOT NULL
    BEGIN
        UPDATE [dbo].[models_aliases] SET [version] = @before WHERE [name] = @name AND [alias] = @alias;
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @before, @version, 'rollback', SYSUTCDATETIME(), SYSTEM_USER;
    END;
    IF @now = @version AND @before IS NULL
    BEGIN
        DELETE FROM [dbo].[models_aliases] WHERE [name] = @name AND [alias] = @alias;
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @before, @version, 'remove', SYSUTCDATETIME(), SYSTEM_USER;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;

/* promote to other columns */
-- Points iris@production to version 3.
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @alias nvarchar(128) = N'production';
DECLARE @version int = 3;
DECLARE @action varchar(16) = 'promote';
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    IF NOT EXISTS (SELECT 1 FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @version)
    BEGIN; THROW 50001, N'iris@3 is not in this registry', 1; END;
    DECLARE @previous int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    IF @previous IS NULL
    BEGIN
        INSERT INTO [dbo].[models_aliases] ([name], [alias], [version]) VALUES (@name, @alias, @version);
    END;
    IF @previous <> @version
    BEGIN
        UPDATE [dbo].[models_aliases] SET [version] = @version WHERE [name] = @name AND [alias] = @alias;
    END;
    IF @previous IS NULL OR @previous <> @version
    BEGIN
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @version, @previous, @action, SYSUTCDATETIME(), SYSTEM_USER;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;

/* promote to other columns, undo */
-- Takes back: iris@production to version 3.
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @alias nvarchar(128) = N'production';
DECLARE @version int = 3;
DECLARE @action varchar(16) = 'promote';
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    DECLARE @now int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    DECLARE @before int = (SELECT TOP (1) [previous] FROM [dbo].[models_alias_events] WHERE [name] = @name AND [alias] = @alias AND [version] = @version ORDER BY [event_id] DESC);
    IF @now IS NOT NULL AND @now <> @version AND (@before IS NULL OR @now <> @before)
    BEGIN; THROW 50007, N'iris@production has moved on since: take the later move back first', 1; END;
    IF @now = @version AND @before IS NOT NULL
    BEGIN
        UPDATE [dbo].[models_aliases] SET [version] = @before WHERE [name] = @name AND [alias] = @alias;
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @before, @version, 'rollback', SYSUTCDATETIME(), SYSTEM_USER;
    END;
    IF @now = @version AND @before IS NULL
    BEGIN
        DELETE FROM [dbo].[models_aliases] WHERE [name] = @name AND [alias] = @alias;
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @before, @version, 'remove', SYSUTCDATETIME(), SYSTEM_USER;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;

/* rollback */
-- Puts iris@production back from version 3 to version 2.
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @alias nvarchar(128) = N'production';
DECLARE @version int = 2;
DECLARE @action varchar(16) = N'rollback';
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    IF NOT EXISTS (SELECT 1 FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @version)
    BEGIN; THROW 50001, N'iris@2 is not in this registry', 1; END;
    DECLARE @current int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    IF @current IS NULL OR @current NOT IN (3, 2)
    BEGIN; THROW 50007, N'iris@production points to another version than when this script was written: write it again', 1; END;
    DECLARE @previous int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    IF @previous IS NULL
    BEGIN
        INSERT INTO [dbo].[models_aliases] ([name], [alias], [version]) VALUES (@name, @alias, @version);
    END;
    IF @previous <> @version
    BEGIN
        UPDATE [dbo].[models_aliases] SET [version] = @version WHERE [name] = @name AND [alias] = @alias;
    END;
    IF @previous IS NULL OR @previous <> @version
    BEGIN
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @version, @previous, @action, SYSUTCDATETIME(), SYSTEM_USER;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;

/* rollback, undo */
-- Takes back: iris@production back to version 2.
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @alias nvarchar(128) = N'production';
DECLARE @version int = 3;
DECLARE @action varchar(16) = N'promote';
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    IF NOT EXISTS (SELECT 1 FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @version)
    BEGIN; THROW 50001, N'iris@3 is not in this registry', 1; END;
    DECLARE @current int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    IF @current IS NULL OR @current NOT IN (2, 3)
    BEGIN; THROW 50007, N'iris@production points to another version than when this script was written: write it again', 1; END;
    DECLARE @previous int = (SELECT a.[version] FROM [dbo].[models_aliases] AS a WHERE a.[name] = @name AND a.[alias] = @alias);
    IF @previous IS NULL
    BEGIN
        INSERT INTO [dbo].[models_aliases] ([name], [alias], [version]) VALUES (@name, @alias, @version);
    END;
    IF @previous <> @version
    BEGIN
        UPDATE [dbo].[models_aliases] SET [version] = @version WHERE [name] = @name AND [alias] = @alias;
    END;
    IF @previous IS NULL OR @previous <> @version
    BEGIN
        INSERT INTO [dbo].[models_alias_events] ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
        SELECT @name, @alias, @version, @previous, @action, SYSUTCDATETIME(), SYSTEM_USER;
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;

/* remove, undo */
-- Takes back: the removal of iris@3.
-- sha256 of the model: abababababababababababababababababababababababababababababababab
-- Written by predictable. Running it twice is running it once.
IF OBJECT_ID(N'tempdb..#predictable_parts') IS NOT NULL DROP TABLE #predictable_parts;
CREATE TABLE #predictable_parts ([part] int NOT NULL PRIMARY KEY, [data] varbinary(max) NOT NULL);
GO
INSERT INTO #predictable_parts ([part], [data]) VALUES (1, 0x6f6e65);
GO
SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @name nvarchar(128) = N'iris';
DECLARE @sha256 char(64) = N'abababababababababababababababababababababababababababababababab';
DECLARE @bytes bigint = 3;
DECLARE @target varchar(32) = N'sql-edge';
DECLARE @description nvarchar(max) = N'it''s a model';
DECLARE @signature nvarchar(max) = N'{"inputs":[{"name":"sepal length","type":"float","sqlType":"real","nulls":"nan"},{"name":"city","type":"int64","sqlType":"bigint","nulls":"error","categories":["Lund","M''ö"],"unknown":"zeros"}],"outputs":[{"name":"label","type":"int64","sqlType":"bigint","role":"label","labels":["setosa","virginica"]},{"name":"probability","type":"float","sqlType":"real","role":"probability"}]}';
DECLARE @verification nvarchar(max) = N'{"status":"passed","rows":150,"rowsSource":"sample","reference":"native","runtimes":["1.30.0","1.12.1"],"runtimesNotChecked":[],"maxAbsDiff":3.1e-7,"maxRelDiff":0.000002,"labelMismatches":0,"rtol":0.0001,"atol":0.00001,"rounding":{"rowsChanged":0,"maxAbsDiff":0}}';
DECLARE @provenance nvarchar(max) = N'{"source":"iris.joblib","options":{"precision":"float","nested":[1,null,"ü"]}}';
DECLARE @interface_sha256 char(64) = N'5c4119c82b75f7aac115c1d7531315f4e77db78a2d5d14aad3f0c86c0c0ba7b1';
DECLARE @binding_sha256 char(64) = N'2b9560c3fcf107b113d2a80a77e1c990eac1d42d77c69b368a984269ccaa5be4';
DECLARE @data varbinary(max) = (SELECT [data] FROM #predictable_parts WHERE [part] = 1);
DECLARE @part int = 2;
WHILE @part <= (SELECT MAX([part]) FROM #predictable_parts)
BEGIN
    SET @data = @data + (SELECT [data] FROM #predictable_parts WHERE [part] = @part);
    SET @part = @part + 1;
END;
IF @data IS NULL OR HASHBYTES('SHA2_256', @data) <> 0xabababababababababababababababababababababababababababababababab
BEGIN; THROW 50002, N'the bytes of iris in this script are not whole: write it again', 1; END;
BEGIN TRY
    BEGIN TRANSACTION;
    UPDATE [dbo].[models_names] SET [last_version] = [last_version] WHERE [name] = @name;
    IF @@ROWCOUNT = 0 INSERT INTO [dbo].[models_names] ([name], [last_version]) VALUES (@name, 0);
    DECLARE @version int = (SELECT MAX(m.[version]) FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[sha256] = @sha256 AND m.[version] = 3);
    IF @version IS NULL
    BEGIN
        INSERT INTO [dbo].[models] ([data], [description], [name], [version], [sha256], [bytes], [target], [full_description], [signature],
          [verification], [provenance], [interface_sha256], [binding_sha256], [created_at], [created_by])
        SELECT @data, LEFT(@description, 1000), @name, 3, @sha256, @bytes, @target, @description, @signature,
          @verification, @provenance, @interface_sha256, @binding_sha256, SYSUTCDATETIME(), SYSTEM_USER
        FROM [dbo].[models_names] AS n WHERE n.[name] = @name;
        DECLARE @new_version int = 3;
        DECLARE @id int = (SELECT m.[id] FROM [dbo].[models] AS m WHERE m.[name] = @name AND m.[version] = @new_version);
        IF NOT EXISTS (SELECT 1 FROM [dbo].[models] AS m WHERE m.[id] = @id AND HASHBYTES('SHA2_256', m.[data]) = 0x7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed)
        BEGIN; THROW 50002, N'the stored bytes of iris are not those of this script', 1; END;
        INSERT INTO [dbo].[models_dictionaries] ([model_id], [kind], [column_name], [code], [value])
        SELECT @id, 'input', N'city', 0, N'Lund'
        UNION ALL SELECT @id, 'input', N'city', 1, N'M''ö'
        UNION ALL SELECT @id, 'output', N'label', 0, N'setosa'
        UNION ALL SELECT @id, 'output', N'label', 1, N'virginica';
    END;
    COMMIT TRANSACTION;
END TRY
BEGIN CATCH
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
    THROW;
END CATCH;
DROP TABLE #predictable_parts;

/* roles */
-- Roles over the registry [dbo].[models]; add members with ALTER ROLE … ADD MEMBER …
-- Written by predictable. Running it twice is running it once.
SET XACT_ABORT ON;
SET NOCOUNT ON;
IF DATABASE_PRINCIPAL_ID(N'predictable_scorer') IS NULL EXEC(N'CREATE ROLE [predictable_scorer]');
IF DATABASE_PRINCIPAL_ID(N'predictable_registrar') IS NULL EXEC(N'CREATE ROLE [predictable_registrar]');
IF DATABASE_PRINCIPAL_ID(N'predictable_promoter') IS NULL EXEC(N'CREATE ROLE [predictable_promoter]');
GRANT SELECT ON OBJECT::[dbo].[models] TO [predictable_registrar];
GRANT SELECT ON OBJECT::[dbo].[models_names] TO [predictable_registrar];
GRANT SELECT ON OBJECT::[dbo].[models_aliases] TO [predictable_registrar];
GRANT SELECT ON OBJECT::[dbo].[models_alias_events] TO [predictable_registrar];
GRANT SELECT ON OBJECT::[dbo].[models_dictionaries] TO [predictable_registrar];
GRANT SELECT ON OBJECT::[dbo].[models_schema_versions] TO [predictable_registrar];
GRANT SELECT ON OBJECT::[dbo].[models] TO [predictable_promoter];
GRANT SELECT ON OBJECT::[dbo].[models_names] TO [predictable_promoter];
GRANT SELECT ON OBJECT::[dbo].[models_aliases] TO [predictable_promoter];
GRANT SELECT ON OBJECT::[dbo].[models_alias_events] TO [predictable_promoter];
GRANT SELECT ON OBJECT::[dbo].[models_dictionaries] TO [predictable_promoter];
GRANT SELECT ON OBJECT::[dbo].[models_schema_versions] TO [predictable_promoter];
-- registers versions; moves no alias
GRANT INSERT ON OBJECT::[dbo].[models] TO [predictable_registrar];
GRANT UPDATE ([verification], [provenance]) ON OBJECT::[dbo].[models] TO [predictable_registrar];
GRANT INSERT ON OBJECT::[dbo].[models_names] TO [predictable_registrar];
GRANT UPDATE ON OBJECT::[dbo].[models_names] TO [predictable_registrar];
GRANT INSERT ON OBJECT::[dbo].[models_dictionaries] TO [predictable_registrar];
-- moves aliases, each move into the log
GRANT UPDATE ON OBJECT::[dbo].[models_names] TO [predictable_promoter];
GRANT INSERT ON OBJECT::[dbo].[models_aliases] TO [predictable_promoter];
GRANT UPDATE ON OBJECT::[dbo].[models_aliases] TO [predictable_promoter];
GRANT INSERT ON OBJECT::[dbo].[models_alias_events] TO [predictable_promoter];
DENY UPDATE, DELETE ON OBJECT::[dbo].[models_alias_events] TO [predictable_registrar];
DENY UPDATE, DELETE ON OBJECT::[dbo].[models_alias_events] TO [predictable_promoter];
