-- Scores dbo.people with churn, version 3.
-- sha256 of the model: abababababababababababababababababababababababababababababababab
-- It was the newest version when this was written, and stays in here.
-- Written by predictable for Synapse dedicated SQL pool. Codes of categories and labels belong to this version alone.
-- Names and types of its columns were not checked: no server was at hand.
IF OBJECT_ID(N'[dbo].[score_churn]', N'V') IS NULL EXEC(N'CREATE VIEW [dbo].[score_churn] AS SELECT N''Written by predictable, but not finished: run its script again'' AS [unfinished];');
GO

ALTER VIEW [dbo].[score_churn]
AS
-- Scores dbo.people with churn, version 3.
-- sha256 of the model: abababababababababababababababababababababababababababababababab
-- It was the newest version when this was written, and stays in here.
-- Written by predictable for Synapse dedicated SQL pool. Codes of categories and labels belong to this version alone.
-- Names and types of its columns were not checked: no server was at hand.
WITH predict_input AS (
    SELECT
        s.[id] AS [id],
        s.[label] AS [label],
        CASE
            WHEN CAST(s.[years] AS real) = CAST(-1.2676506002282294E30 AS real) THEN CAST(N'column years has the number that stands for a missing value' AS int)
            ELSE COALESCE(CAST(s.[years] AS real), CAST(-1.2676506002282294E30 AS real))
        END AS [age],
        CASE
            WHEN s.[rooms] IS NULL THEN CAST(N'column rooms has NULL, and the model takes none' AS int)
            WHEN s.[rooms] <> CAST(s.[rooms] AS bigint) THEN CAST(N'column rooms has a value that is no bigint' AS int)
            ELSE CAST(s.[rooms] AS bigint)
        END AS [rooms],
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
FROM PREDICT(MODEL = (SELECT [data] FROM [dbo].[models] WHERE [name] COLLATE Latin1_General_100_BIN2 + N'|' = N'churn|' AND [version] = 3 AND HASHBYTES('SHA2_256', [data]) = 0xabababababababababababababababababababababababababababababababab), DATA = predict_input AS d, RUNTIME = ONNX)
WITH ([label] bigint, [probability] real) AS p;
GO
