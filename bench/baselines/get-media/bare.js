/** Only the GET of Redis, or the query of PostgreSQL: the minimum cost of a response. */
const { readFileSync } = require("node:fs");
const { Redis } = require("ioredis");
const { Pool } = require("pg");

const { host, redisPort, keys, database, query, caFile } = JSON.parse(process.env.BARE);
const ca = readFileSync(caFile, "utf8");
const redis = new Redis({ host, port: redisPort, tls: { servername: host, ca }, disableClientInfo: true });
const pool = new Pool({
  ...database,
  ssl: { ca, servername: host },
  max: 1,
  keepAlive: true,
  idleTimeoutMillis: 0,
});
redis.on("error", (error) => process.stderr.write(`${error.message}\n`));

async function bodyOf(cached) {
  if (cached) {
    const [, value] = await redis.mget(...keys);
    if (value === null) throw new Error("the cache lost the page");
    return value;
  }
  const { rows } = await pool.query(query.text, query.values);
  return JSON.stringify({ items: rows });
}

const headers = { "content-type": "application/json" };

/** A handler like Lambda's. */
exports.call = async (cached) => ({ statusCode: 200, headers, body: await bodyOf(cached) });

exports.serve = async (request, response) => {
  const body = await bodyOf(request.url === "/media");
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
};
