/**
 * Loaded into a function's process before its code, in place of AWS's DNS and VPC: connections to deployed endpoints go
 * to local servers. The function's code and settings stay as deployed.
 */
const dns = require("node:dns");
const fs = require("node:fs");
const net = require("node:net");

const { hosts, environment, ports = {} } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));

// Node.js has already read its certificate authorities from the local file; the function sees the deployed value, or none.
for (const [name, value] of Object.entries(environment)) {
  if (value === null) delete process.env[name];
  else process.env[name] = value;
}

/** The local port of `host:port`; a mapped host has no other ports. */
function locate(host, port) {
  const ports = hosts[host];
  if (!ports) return undefined;
  // port 1 of the loopback interface rejects connections
  return { host: "127.0.0.1", port: ports[port] ?? 1 };
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  // net.connect passes its arguments in one array, tls.connect and direct callers separately
  const list = Array.isArray(args[0]) ? args[0] : args;
  const [first, second] = list;
  if (typeof first === "object" && first !== null && first.path === undefined) {
    const place = locate(first.host, first.port);
    // a copy: TLS verifies the certificate with the original's host
    if (place) list[0] = { ...first, ...place };
  } else if (typeof second === "string") {
    const place = locate(second, first);
    if (place) list.splice(0, 2, place.port, place.host);
  }
  return connect.apply(this, args);
};

// A task has its own address on AWS, and its own port here.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const [first] = args;
  if (typeof first === "number" && ports[first])
    return listen.call(this, ports[first], "127.0.0.1", ...args.filter((one) => typeof one === "function"));
  if (typeof first === "object" && first !== null && ports[first.port]) {
    args[0] = { ...first, port: ports[first.port], host: "127.0.0.1" };
  }
  return listen.apply(this, args);
};

const lookup = dns.lookup;
dns.lookup = function (host, ...rest) {
  return lookup.call(this, hosts[host] ? "127.0.0.1" : host, ...rest);
};
