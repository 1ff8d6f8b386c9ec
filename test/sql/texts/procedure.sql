-- Scores dbo.people with churn, version 3.
-- sha256 of the model: abababababababababababababababababababababababababababababababab
-- Written by predictable for SQL Edge 2.0. Codes of categories and labels belong to this version alone.
-- Names and types of its columns were not checked: no server was at hand.
IF OBJECT_ID(N'[dbo].[score_churn]', N'P') IS NULL EXEC(N'CREATE PROCEDURE [dbo].[score_churn] AS BEGIN; THROW 50001, N''Written by predictable, but not finished: run its script again'', 1; END;');
GO

ALTER PROCEDURE [dbo].[score_churn]
AS
-- Scores dbo.people with churn, version 3.
-- sha256 of the model: abababababababababababababababababababababababababababababababab
-- Written by predictable for SQL Edge 2.0. Codes of categories and labels belong to this version alone.
-- Names and types of its columns were not checked: no server was at hand.
SET NOCOUNT ON;

DECLARE @id int = (SELECT [id] FROM [dbo].[models] WHERE [name] COLLATE Latin1_General_100_BIN2 + N'|' = N'churn|' AND [version] = 3);
IF @id IS NULL
BEGIN; THROW 50001, N'churn, version 3 is not in [dbo].[models]', 1; END;
DECLARE @model varbinary(max) = (SELECT [data] FROM [dbo].[models] WHERE [id] = @id);
IF @model IS NULL OR HASHBYTES('SHA2_256', @model) <> 0xabababababababababababababababababababababababababababababababab
BEGIN; THROW 50002, N'the stored churn, version 3 is not the model that this was written for', 1; END;

DECLARE @refused nvarchar(2048) = (
    SELECT TOP (1) r.[reason]
    FROM (
        SELECT CASE
            WHEN CAST(s.[years] AS real) = CAST(-1.2676506002282294E30 AS real) THEN N'column years has the number that stands for a missing value'
            WHEN s.[rooms] IS NULL THEN N'column rooms has NULL, and the model takes none'
            WHEN s.[rooms] <> CAST(s.[rooms] AS bigint) THEN N'column rooms has a value that is no bigint'
        END AS [reason]
        FROM [dbo].[people] AS s
    ) AS r
    WHERE r.[reason] IS NOT NULL
);
IF @refused IS NOT NULL
BEGIN; THROW 50003, @refused, 1; END;

WITH predict_input AS (
    SELECT
        s.[id] AS [id],
        s.[label] AS [label],
        COALESCE(CAST(s.[years] AS real), CAST(-1.2676506002282294E30 AS real)) AS [age],
        CAST(s.[rooms] AS bigint) AS [rooms],
        COALESCE(CAST(s.[income] AS float), CAST(0.5E0 AS float)) AS [income],
        CAST(CASE
            WHEN s.[city] IS NULL THEN -2
            WHEN CAST(s.[city] AS nvarchar(3999)) COLLATE Latin1_General_100_BIN2 + N'|' = N'Lund|' THEN 0
            WHEN CAST(s.[city] AS nvarchar(3999)) COLLATE Latin1_General_100_BIN2 + N'|' = N'M''ö|' THEN 1
            ELSE -1
        END AS bigint) AS [city]
    FROM [dbo].[people] AS s
)
SELECT
    d.[id] AS [id],
    d.[label] AS [label],
    CASE WHEN d.[city] = -1 THEN NULL ELSE CASE p.[label] WHEN 0 THEN N'no' WHEN 1 THEN N'y''es' END END AS [label_predicted],
    CASE WHEN d.[city] = -1 THEN NULL ELSE p.[probability] END AS [probability]
FROM PREDICT(MODEL = @model, DATA = predict_input AS d, RUNTIME = ONNX)
WITH ([label] bigint, [probability] real) AS p;
GO

IF DATABASE_PRINCIPAL_ID(N'predictable_scorer') IS NOT NULL GRANT EXECUTE ON OBJECT::[dbo].[score_churn] TO [predictable_scorer];
GO
