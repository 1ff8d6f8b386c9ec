IF OBJECT_ID(N'[dbo].[predictions]') IS NULL
    CREATE TABLE [dbo].[predictions] (
        [Id] int NULL,
        [label] nvarchar(4000) NULL,
        [probability] real NULL,
        [model_name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [model_version] int NOT NULL,
        [scored_at] datetime2(3) NOT NULL
    ) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);
GO

-- Scores dbo.People with churn@production: the version that the alias points to when it runs.
-- sha256 of the inputs and outputs that a version must have: df9e67c4c789bace4401c2e673c70fd3b6112411cfd92dfb7c44478af77084b4
-- Written by predictable for Synapse dedicated SQL pool. A promotion or rollback needs no other procedure.
IF OBJECT_ID(N'[dbo].[score_churn]', N'P') IS NULL EXEC(N'CREATE PROCEDURE [dbo].[score_churn] AS BEGIN; THROW 50001, N''Written by predictable, but not finished: run its script again'', 1; END;');
GO

ALTER PROCEDURE [dbo].[score_churn]
AS
-- Scores dbo.People with churn@production: the version that the alias points to when it runs.
-- sha256 of the inputs and outputs that a version must have: df9e67c4c789bace4401c2e673c70fd3b6112411cfd92dfb7c44478af77084b4
-- Written by predictable for Synapse dedicated SQL pool. A promotion or rollback needs no other procedure.
SET NOCOUNT ON;
SET XACT_ABORT ON;
IF OBJECT_ID(N'[dbo].[predictions]') IS NULL
BEGIN; THROW 50005, N'there is no table [dbo].[predictions]; create it with the columns [Id] int NULL, [label] nvarchar(4000) NULL, [probability] real NULL, [model_name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL, [model_version] int NOT NULL, [scored_at] datetime2(3) NOT NULL', 1; END;

DECLARE @id int = (
    SELECT m.[id]
    FROM [dbo].[models] AS m JOIN [dbo].[models_aliases] AS a ON a.[version] = m.[version]
    WHERE m.[name] COLLATE Latin1_General_100_BIN2 + N'|' = N'churn|'
        AND a.[name] COLLATE Latin1_General_100_BIN2 + N'|' = N'churn|'
        AND a.[alias] COLLATE Latin1_General_100_BIN2 + N'|' = N'production|'
);
IF @id IS NULL
BEGIN; THROW 50001, N'there is no churn@production in [dbo].[models_aliases]', 1; END;
DECLARE @version int = (SELECT [version] FROM [dbo].[models] WHERE [id] = @id);
DECLARE @binding varchar(64) = (SELECT [binding_sha256] FROM [dbo].[models] WHERE [id] = @id);
IF @binding IS NULL OR @binding <> N'df9e67c4c789bace4401c2e673c70fd3b6112411cfd92dfb7c44478af77084b4'
BEGIN; THROW 50004, N'SIGNATURE_CHANGED: churn@production has other inputs or outputs than this was written for; run predictable sql churn@production --as procedure --apply again', 1; END;
DECLARE @model varbinary(max) = (SELECT [data] FROM [dbo].[models] WHERE [id] = @id);
DECLARE @sha256 varchar(64) = (SELECT [sha256] FROM [dbo].[models] WHERE [id] = @id);
IF @model IS NULL OR @sha256 IS NULL OR HASHBYTES('SHA2_256', @model) <> CONVERT(varbinary(32), @sha256, 2)
BEGIN; THROW 50002, N'the stored model of churn@production is not the one that was registered', 1; END;
IF NOT EXISTS (SELECT 1 FROM [dbo].[models_dictionaries] WHERE [model_id] = @id AND [kind] = 'input' AND [column_name] = N'city')
BEGIN; THROW 50002, N'the dictionary of city is not whole in [dbo].[models_dictionaries]', 1; END;
IF NOT EXISTS (SELECT 1 FROM [dbo].[models_dictionaries] WHERE [model_id] = @id AND [kind] = 'output' AND [column_name] = N'label')
BEGIN; THROW 50002, N'the dictionary of label is not whole in [dbo].[models_dictionaries]', 1; END;

DECLARE @refused nvarchar(2048) = (
    SELECT TOP (1) r.[reason]
    FROM (
        SELECT CASE
            WHEN CAST(s.[years] AS real) = CAST(-1.2676506002282294E30 AS real) THEN N'column years has the number that stands for a missing value'
            WHEN s.[Rooms] IS NULL THEN N'column Rooms has NULL, and the model takes none'
            WHEN s.[Rooms] <> CAST(s.[Rooms] AS bigint) THEN N'column Rooms has a value that is no bigint'
        END AS [reason]
        FROM [dbo].[People] AS s
    ) AS r
    WHERE r.[reason] IS NOT NULL
);
IF @refused IS NOT NULL
BEGIN; THROW 50003, @refused, 1; END;

IF OBJECT_ID(N'tempdb..#predict_input') IS NOT NULL DROP TABLE #predict_input;
SELECT
    s.[Id] AS [Id],
    COALESCE(CAST(s.[years] AS real), CAST(-1.2676506002282294E30 AS real)) AS [age],
    CAST(s.[Rooms] AS bigint) AS [rooms],
    COALESCE(CAST(s.[income] AS float), CAST(0.5E0 AS float)) AS [income],
    CAST(CASE WHEN s.[city] IS NULL THEN -2 ELSE ISNULL(c4.[code], -1) END AS bigint) AS [city]
INTO #predict_input
FROM [dbo].[People] AS s
LEFT JOIN (
    SELECT [value] + N'|' AS [value], MIN([code]) AS [code]
    FROM [dbo].[models_dictionaries]
    WHERE [model_id] = @id AND [kind] = 'input' AND [column_name] = N'city'
    GROUP BY [value] + N'|'
) AS c4 ON c4.[value] = CAST(s.[city] AS nvarchar(3999)) COLLATE Latin1_General_100_BIN2 + N'|';

BEGIN TRANSACTION;
INSERT INTO [dbo].[predictions] ([Id], [label], [probability], [model_name], [model_version], [scored_at])
SELECT
    d.[Id] AS [Id],
    CASE WHEN d.[city] = -1 THEN NULL ELSE (SELECT l.[value] FROM [dbo].[models_dictionaries] AS l WHERE l.[model_id] = @id AND l.[kind] = 'output' AND l.[column_name] = N'label' AND l.[code] = p.[label]) END AS [label],
    CASE WHEN d.[city] = -1 THEN NULL ELSE p.[probability] END AS [probability],
    N'churn',
    @version,
    SYSUTCDATETIME()
FROM PREDICT(MODEL = @model, DATA = #predict_input AS d, RUNTIME = ONNX)
WITH ([label] bigint, [probability] real) AS p;
COMMIT TRANSACTION;
DROP TABLE #predict_input;
GO

IF DATABASE_PRINCIPAL_ID(N'predictable_scorer') IS NOT NULL GRANT EXECUTE ON OBJECT::[dbo].[score_churn] TO [predictable_scorer];
GO
