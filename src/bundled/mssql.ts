/** The driver for SQL servers with all that it needs, 75 MB as packages: packed into one file when the project is built. */

export { default } from 'mssql';
