/**
 * A process that serves `GET /media` with a module: `server.cjs MODULE`. It reports its port. On `{ calls, cached }` it
 * calls the module sequentially without HTTP; on `{ cpu }` it reports its CPU time.
 */
const { createServer } = require("node:http");
const { call, serve } = require(process.argv[2]);

const failed = (response) => (error) => {
  process.stderr.write(`${error.stack}\n`);
  response.writeHead(500).end();
};

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  serve(request, response).catch(failed(response));
});

/** Latency of each call in milliseconds. */
async function timed(calls, cached) {
  const latencies = [];
  for (let count = 0; count < calls; count++) {
    const began = performance.now();
    const { statusCode } = await call(cached);
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
    latencies.push(performance.now() - began);
  }
  return latencies;
}

process.on("message", ({ cpu, calls, cached }) => {
  if (cpu) {
    const { user, system } = process.cpuUsage();
    process.send({ cpu: user + system });
    return;
  }
  timed(calls, cached).then(
    (latencies) => process.send({ latencies }),
    (error) => process.send({ error: error.stack }),
  );
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
