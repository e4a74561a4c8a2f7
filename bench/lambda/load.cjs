/**
 * A fresh process that loads a function and calls it once, like Lambda's runtime: `load.cjs FOLDER`. Prints JSON:
 * `init`, milliseconds from process start until the function is loaded; `cpu`, CPU time until then; `first`,
 * milliseconds until the first response; `rss`, MiB afterwards.
 */
const { join } = require("node:path");
const { handler } = require(join(process.argv[2], "index.js"));
const init = performance.now();
const cpu = process.cpuUsage();

/** This request needs nothing outside of the process. */
const event = {
  httpMethod: "GET",
  path: "/openapi.json",
  headers: { accept: "application/json", host: "localhost" },
  multiValueHeaders: { accept: ["application/json"], host: ["localhost"] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  body: null,
  isBase64Encoded: false,
  requestContext: { requestId: "8c1e5f0a-0000-4000-8000-00000000cafe" },
};
Promise.resolve(handler(event, { awsRequestId: "1" })).then(({ statusCode }) => {
  const first = performance.now();
  if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
  const rss = process.memoryUsage().rss / 2 ** 20;
  process.stderr.write(JSON.stringify({ init, cpu: (cpu.user + cpu.system) / 1000, first, rss }), () =>
    process.exit(),
  );
});
