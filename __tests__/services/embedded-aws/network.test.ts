import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createServer } from "node:tls";
import { promisify } from "node:util";
import { certificateAuthority, serverCertificate } from "../../../packages/embedded-aws/servers/certificates";
import { type Front, listen } from "../../../packages/embedded-aws/servers/tls-front";

const folder = mkdtempSync(join(tmpdir(), "network-"));
const preload = resolve(__dirname, "../../../packages/embedded-aws/lambda/network.cjs");
const host = "db.example.us-east-1.rds.amazonaws.com";
let server: Front;
let certFile: string;

beforeAll(async () => {
  const authority = await certificateAuthority(join(folder, "ca"));
  certFile = authority.certFile;
  server = await listen(
    createServer(await serverCertificate(authority, host), (socket) => socket.end("hello")),
  );
  const network = {
    hosts: { [host]: { 5432: server.port } },
    environment: { NODE_EXTRA_CA_CERTS: "/var/runtime/ca", ONLY_AT_START: null },
  };
  writeFileSync(join(folder, "network.json"), JSON.stringify(network));
});

afterAll(() => server.stop());

/** Runs a line of code of a function with the preloaded module; returns its output. */
async function inFunction(code: string): Promise<string> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.cjs`);
  writeFileSync(
    file,
    `const net = require("node:net"), tls = require("node:tls"), dns = require("node:dns");
     const host = ${JSON.stringify(host)};
     const say = (socket) => socket.on("data", (d) => console.log(String(d), socket.authorized))
                                   .on("error", (e) => console.log(e.code));
     ${code}`,
  );
  const options = { env: { NODE_EXTRA_CA_CERTS: certFile, ONLY_AT_START: "1" } };
  const args = ["--require", preload, file, join(folder, "network.json")];
  return (await promisify(execFile)(process.execPath, args, options)).stdout.trim();
}

describe("a function's connection to a deployed endpoint", () => {
  it.each([
    ["by TLS", "say(tls.connect({ host, port: 5432, servername: host }))"],
    ["by TLS, which compares the certificate with the endpoint", "say(tls.connect({ host, port: 5432 }))"],
    ["by TLS with positional arguments", "say(tls.connect(5432, host, { servername: host }))"],
    [
      "by TLS on a socket, as PostgreSQL's clients do",
      "say(tls.connect({ socket: net.connect(5432, host), servername: host }))",
    ],
    [
      "by TLS on a socket of its own",
      "const s = new net.Socket(); s.connect(5432, host); say(tls.connect({ socket: s, servername: host }))",
    ],
  ])("arrives at the local server %s", async (_, code) => {
    expect(await inFunction(code)).toBe("hello true");
  });

  it("fails when the certificate is for another host", async () => {
    const code = 'say(tls.connect({ host, port: 5432, servername: "other.example.org" }))';
    expect(await inFunction(code)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it("is refused at a port that the endpoint does not have", async () => {
    expect(await inFunction("say(net.connect({ host, port: 22 }))")).toBe("ECONNREFUSED");
  });

  it("leaves other hosts and sockets alone", async () => {
    expect(
      await inFunction(`say(tls.connect({ host: "127.0.0.1", port: ${server.port}, servername: host }))`),
    ).toBe("hello true");
    expect(await inFunction('say(net.connect({ path: "/nowhere/socket" }))')).toBe("ENOENT");
  });

  it("is found by fetch too", async () => {
    const code = `fetch("https://" + host + ":5432").catch((e) => console.log(e.cause.code))`;
    // The server speaks no HTTP, so the request arrived with a trusted certificate.
    expect(await inFunction(code)).toBe("HPE_INVALID_CONSTANT");
  });

  it("has no variable that was only for Node.js", async () => {
    expect(await inFunction('console.log("ONLY_AT_START" in process.env)')).toBe("false");
  });

  it("is resolved, and the function sees the deployed certificates' path", async () => {
    const code = "dns.lookup(host, (e, address) => console.log(address, process.env.NODE_EXTRA_CA_CERTS))";
    expect(await inFunction(code)).toBe("127.0.0.1 /var/runtime/ca");
  });
});
