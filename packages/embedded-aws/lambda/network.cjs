/**
 * Loaded into a function's process before its code. What a name server and the VPC do on AWS is done here: connections
 * to the deployed endpoints arrive at the local servers. The function's code and its settings stay as deployed.
 */
const dns = require("node:dns");
const fs = require("node:fs");
const net = require("node:net");

const { hosts, environment, ports = {} } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));

// Node has read its certificate authorities from the local file by now; the function sees what was deployed.
Object.assign(process.env, environment);

/** Where `host:port` is; a mapped host has no other ports. */
function locate(host, port) {
  const ports = hosts[host];
  if (!ports) return undefined;
  // port 1 of the loopback interface refuses connections
  return { host: "127.0.0.1", port: ports[port] ?? 1 };
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  // net.connect hands over its arguments in one array, tls.connect and callers of their own as they are
  const list = Array.isArray(args[0]) ? args[0] : args;
  const [first, second] = list;
  if (typeof first === "object" && first !== null && first.path === undefined) {
    const place = locate(first.host, first.port);
    // a copy: TLS compares the certificate with the host of the original
    if (place) list[0] = { ...first, ...place };
  } else if (typeof second === "string") {
    const place = locate(second, first);
    if (place) list.splice(0, 2, place.port, place.host);
  }
  return connect.apply(this, args);
};

// A task has an address of its own on AWS, and here a port of its own.
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
