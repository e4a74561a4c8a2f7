/**
 * Sends GET requests for one path over persistent connections, each as soon as the previous response has arrived:
 * `load.cjs PORT PATH CONNECTIONS REQUESTS`. Prints the latencies in milliseconds as JSON. Uses plain sockets, because
 * a node:http client needs more time than the measured server.
 */
const { connect } = require("node:net");

const [port, path, connections, requests] = process.argv.slice(2);
const request = `GET ${path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\nuser-agent: bench\r\n\r\n`;
const latencies = [];
let left = Number(requests);

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

/** Resolves when all requests are done. */
function connection() {
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
    let chunks = [];
    let size = 0;
    let wanted = 0;
    let began = 0;
    const ask = () => {
      if (left-- <= 0) return socket.end(resolve);
      began = performance.now();
      socket.write(request);
    };
    socket.on("connect", ask).on("error", (error) => fail(error.message));
    socket.on("close", () => resolve());
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (wanted === 0) {
        const head = Buffer.concat(chunks);
        const end = head.indexOf("\r\n\r\n");
        if (end === -1) return;
        const text = head.toString("latin1", 0, end);
        if (!text.startsWith("HTTP/1.1 200 ")) fail(`answered ${text}`);
        wanted = end + 4 + Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? fail(`no length in ${text}`));
      }
      if (size < wanted) return;
      latencies.push(performance.now() - began);
      [chunks, size, wanted] = [[], 0, 0];
      ask();
    });
  });
}

const began = performance.now();
Promise.all(Array.from({ length: Number(connections) }, connection)).then(() => {
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(JSON.stringify({ seconds, latencies }));
});
