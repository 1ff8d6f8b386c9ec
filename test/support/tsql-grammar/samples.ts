/** Statements that are T-SQL by Microsoft's documentation, and statements that are not. */

const procedure = `ALTER PROCEDURE [dbo].[score_iris] @top int = NULL AS BEGIN SET NOCOUNT ON;
DECLARE @id int = (SELECT a.model_id FROM [dbo].[models_aliases] AS a WHERE a.[name] = N'x' COLLATE Latin1_General_100_BIN2);
IF @id IS NULL BEGIN; THROW 50001, N'gone', 1; END;
WITH c AS (SELECT 1 AS x) SELECT x FROM c; END`;
const created = "EXEC(N'CREATE PROCEDURE [dbo].[score_iris] AS RETURN 0;');";

export const RIGHT = [
  `IF OBJECT_ID(N'[dbo].[score_iris]', N'P') IS NULL ${created}\nGO\n${procedure}`,
  `CREATE PROCEDURE [dbo].[p] @a AS int = NULL, @b nvarchar(10) = N'a AS b' WITH EXECUTE AS OWNER AS SELECT @a;`,
  'CREATE OR ALTER PROCEDURE p @n int OUTPUT AS SET NOCOUNT ON; SET @n = 1; RETURN 0;',
  `SET XACT_ABORT ON; BEGIN TRY BEGIN TRANSACTION; INSERT INTO t (a) SELECT b FROM u; COMMIT TRANSACTION; END TRY
   BEGIN CATCH IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; THROW; END CATCH;`,
  'DECLARE @data varbinary(max) = 0x; SET @data = @data + 0x0102;',
  'UPDATE t SET [data].WRITE(0x00, NULL, 0) WHERE id = 1',
  'UPDATE t SET [data].WRITE(@x, DATALENGTH([data]), NULL), [b] = 1 WHERE id = @id;',
  `CREATE TABLE [dbo].[models] ([id] int IDENTITY(1,1) NOT NULL, [data] varbinary(max) NULL,
   [description] varchar(1000) NULL, [name] nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL,
   [made] datetime2(7) NOT NULL CONSTRAINT [df] DEFAULT (SYSUTCDATETIME()), CONSTRAINT [pk] PRIMARY KEY ([id]))`,
  'CREATE TABLE t (a int) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN);',
  `CREATE TABLE [dbo].[t] ([a] int, CONSTRAINT [pk] PRIMARY KEY NONCLUSTERED ([a]) NOT ENFORCED)
   WITH (CLUSTERED COLUMNSTORE INDEX, DISTRIBUTION = HASH([a]))`,
  'ALTER TABLE t ADD [id] AS [model_id]',
  'ALTER TABLE t ADD CONSTRAINT [df] DEFAULT (0x) FOR [model]',
  'ALTER TABLE dbo.t ADD a int NULL, b nvarchar(10) COLLATE Latin1_General_100_BIN2 NOT NULL;',
  'CREATE UNIQUE INDEX [i] ON [dbo].[t] ([a], [b]) WHERE [a] IS NOT NULL;',
  "IF NOT EXISTS (SELECT * FROM sys.database_principals WHERE name = N'r' AND type = 'R') EXEC(N'CREATE ROLE [r]');",
  'CREATE ROLE [r]; GRANT EXECUTE ON OBJECT::[dbo].[p] TO [r]; GRANT SELECT ON [dbo].[t] TO [r];',
  'UPDATE names WITH (UPDLOCK, HOLDLOCK) SET a = 1;',
  "SELECT CONVERT(varchar(64), HASHBYTES('SHA2_256', [data]), 2)",
  `EXEC sp_getapplock @Resource = N'x', @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 10000;`,
  "DECLARE @r int; EXEC @r = sp_getapplock @Resource = N'x', @LockMode = 'Shared'; IF @r < 0 THROW 50001, N'x', 1;",
  "SELECT SERVERPROPERTY('EngineEdition')",
  "EXEC sp_executesql @stmt = N'SELECT @a AS b', @params = N'@a int', @a = 1;",
  `SELECT c.name AS n FROM sys.columns AS c INNER JOIN sys.types AS t ON t.user_type_id = c.user_type_id
   WHERE c.object_id = OBJECT_ID(N'dbo.t', N'U') ORDER BY c.column_id;`,
  'MERGE INTO t WITH (HOLDLOCK) AS t USING (SELECT 1 AS a) AS s ON t.a = s.a WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a);',
  "SELECT 1;\n-- GO\n/* GO\nGO */\nGO -- the next\nSELECT N'\nGO\n';\ngo 2",
  'SELECT p.a FROM PREDICT(MODEL = @model, DATA = dbo.t AS d, RUNTIME = ONNX) WITH (a real, [b c] nvarchar(max) NOT NULL) AS p;',
  'SELECT p.a FROM PREDICT(MODEL = (SELECT m FROM t WHERE id = 1), DATA = [t] AS d, RUNTIME = ONNX) WITH (a real) AS p;',
];

export const WRONG = [
  ...[
    'SELEC 1',
    'SELECT a FORM t;',
    'SELECT DISTINC a FROM t;',
    'SELECT a FROM t WHER a = 1;',
    'SELECT a FROM t ORDER a;',
  ],
  ...['SELECT (1;', 'SELECT COUNT(* FROM t;', 'SELECT a FROM t WHERE a = 1);', 'SELECT CAST(a real) FROM t;'],
  ...['SELECT a b, c FROM t;', 'SELECT a, FROM t;', 'SELECT 1,, 2;', 'SELECT f(a b) FROM t;', 'SELECT 1 + FROM t;'],
  ...[
    'SELECT a FROM t WHERE;',
    'SELECT a FROM t WHERE a;',
    'IF 1 SELECT 1;',
    'IF 1 = 1;',
    'SELECT CASE WHEN a THEN 1 END;',
  ],
  ...[
    "SELECT N'a' N'b';",
    'SELECT [a] [b] [c] FROM t;',
    'SELECT `a` FROM t;',
    "SELECT 'a;",
    'SELECT 1 /* a',
    'SELECT [a;',
  ],
  ...['SELECT a FROM t LIMIT 5;', 'SELECT a::int FROM t;', 'SELECT TRUE;', 'CREATE TABLE IF NOT EXISTS t (a int);'],
  ...['SELECT COALESC(a, 1) AS b FROM t;', 'DECLARE @a bgint;', 'CREATE TABLE t (a int (1,1));', 'SELECT a FROM .t;'],
  ...['DECLARE @a varbinary(max) (SELECT 1);', 'CREATE TABLE t ([a] int, CONSTRAIT [pk] PRIMARY KEY ([a]));'],
  ...['SELECT 1; nonsense;', 'SELECT 1; nonsense here;', 'SELECT 1 GO;', 'SELECT 1\nGO SELECT 2;', 'WHILE 1 = 1;'],
  ...['BEGIN SELECT 1;', 'BEGIN TRY SELECT 1; END TRY;', 'BEGIN END;', 'ELSE SELECT 1;'],
  ...[
    "SELECT 1 THROW 50001, N'x', 1;",
    "BEGIN THROW 50001, N'x', 1; END;",
    'SELECT a FROM t THROW;',
    'ROLLBACK TRANSACTION THROW;',
  ],
  ...["THROW 50001, N'x';", "THROW 50001, N'x' + N'y', 1;", "THROW 50001 N'x', 1;"],
  ...[
    'DECLARE @a = 1;',
    'DECLARE a int = 1;',
    'DECLARE @a int 1;',
    'SET @a 1;',
    'SET XACT_ABORT;',
    'SET XACT_ABORT YES;',
  ],
  ...[
    'CREATE TABLE t (a int b int);',
    'CREATE TABLE t (a int, b int;',
    'CREATE TABLE t (a int NUL);',
    'CREATE TABL t (a int);',
  ],
  ...['CREATE TABLE t (a int) WITH (HEEP);', 'CREATE TABLE t (a int) WITH (HEAP DISTRIBUTION = ROUND_ROBIN);'],
  ...['CREATE TABLE t (a int) WITH (HEAP, DISTRIBUTION = ROUND);', 'CREATE INDEX i t(a);', 'CREATE INDEX i ON t;'],
  ...[
    'ALTER TABLE t ADD;',
    'ALTER TABLE t AD a int;',
    'ALTER TABLE t ADD CONSTRAINT [d] DEFAULT (0x) [model];',
    'CREATE ROLE;',
  ],
  ...['GRANT EXECUTE ON OBJECT::[p] [r];', 'GRANT EXCUTE ON p TO r;', 'DROP TABL t;', 'COMMIT TRANSACTON;', 'ROLLBAK;'],
  ...[
    'UPDATE t SET a = 1 b = 2;',
    'UPDATE t a = 1;',
    'UPDATE t WITH (UPDLOK) SET a = 1;',
    'UPDATE t SET [a].WRIT(0x, NULL, 0);',
  ],
  ...['UPDATE t SET [a].WRITE(0x, NULL);', 'INSERT INTO t (a, b) VALUES (1, 2;', 'INSERT INTO t (a b) VALUES (1, 2);'],
  ...[
    'INSERT INTO t (a) SELEC 1;',
    'DELETE FORM t;',
    'EXEC;',
    "EXEC(N'x';",
    "EXEC(N'SELEC 1');",
    'EXEC p @a = 1 @b = 2;',
  ],
  ...["EXEC p @a = N'a' + N'b';", "EXEC sp_executesql N'SELECT @a' N'@a int';", "EXEC(N'SELECT 1' + N', FROM t');"],
  ...[
    'WITH c AS (SELECT 1 AS x SELECT x FROM c;',
    'WITH c AS SELECT 1 AS x SELECT x FROM c;',
    'WITH c AS (SELECT 1 AS x);',
  ],
  ...['SELECT 1 AS y WITH c AS (SELECT 1 AS x) SELECT x FROM c;', 'SELECT 1; CREATE PROCEDURE p AS SELECT 1;'],
  ...[
    'CREATE PROCEDURE p AS BEGIN SELEC 1 END',
    'CREATE PROCEDURE p @a int @b int AS SELECT 1;',
    'CREATE PROCEDURE p AS',
  ],
  ...[
    'PREDICT(MODEL = @m DATA = t AS d, RUNTIME = ONNX) WITH (a real) AS p',
    'PREDICT(MODL = @m, DATA = t AS d, RUNTIME = ONNX) WITH (a real) AS p',
    'PREDICT(MODEL = @m, DATA = t AS d, RUNTIME = ONX) WITH (a real) AS p',
    'PREDICT(MODEL = @m, DATA = t, RUNTIME = ONNX) WITH (a real) AS p',
    'PREDICT(DATA = t AS d, MODEL = @m, RUNTIME = ONNX) WITH (a real) AS p',
    'PREDICT(MODEL = @m, DATA = t AS d, RUNTIME = ONNX) WITH (a real b real) AS p',
    'PREDICT(MODEL = @m, DATA = t AS d, RUNTIME = ONNX) WITH () AS p',
    'PREDICT(MODEL = @m, DATA = t AS d, RUNTIME = ONNX) AS p',
    'PREDICT(MODEL = @m, DATA = t AS d, RUNTIME = ONNX WITH (a real) AS p',
    'PREDICT(MODEL = (SELEC m FROM t), DATA = t AS d, RUNTIME = ONNX) WITH (a real) AS p',
  ].map((predict) => `SELECT p.a FROM ${predict};`),
];
