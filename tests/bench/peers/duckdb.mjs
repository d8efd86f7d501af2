// duckdb.mjs - one work in DuckDB: node duckdb.mjs MODULES WORK INPUT OUTPUT
import { createRequire } from "node:module";

const [modules, work, input, output] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(modules + "/")("@duckdb/node-api");

const text = (s) => "'" + s.replaceAll("'", "''") + "'";
const lines = `read_csv(${text(input)}, columns = {'line': 'VARCHAR'},
	delim = '\x01', quote = '', escape = '', header = false, auto_detect = false,
	max_line_size = 1048576)`;
const records = `read_json(${text(input)}, format = 'newline_delimited', columns = {
	ts: 'VARCHAR', ip: 'VARCHAR', method: 'VARCHAR', path: 'VARCHAR', status: 'INTEGER',
	bytes: 'BIGINT', referrer: 'VARCHAR', agent: 'VARCHAR', id: 'BIGINT' })`;
const pattern = String.raw`^([^ ]+) [^ ]+ ([^ ]+) \[([^\]]+)\] "([^ ]+) ([^ "]+) [^"]*" ` +
	String.raw`([0-9]+) ([^ ]+) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"`;
const names = ["ip", "user", "time", "method", "path", "status", "bytes", "referrer", "agent"];
const to = `TO ${text(output)} (FORMAT json)`;

const shaped = (least) => `COPY (SELECT * EXCLUDE (agent), 'bench' AS src
	FROM ${records} WHERE status >= ${least}) ${to}`;
const sql = {
	w1: `SELECT count(*), sum(length(line)) FROM ${lines}`,
	w2: shaped(400),
	w2b: shaped(0),
	w3: `COPY (SELECT unnest(regexp_extract(line, ${text(pattern)},
		[${names.map(text).join(", ")}])) FROM ${lines}) ${to}`,
};

const db = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await db.connect();
await connection.run("SET preserve_insertion_order = false");
await connection.run(sql[work]);
