/** Why a connection fails, as programs and systems call it. */
const NETWORK =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b|Temporary failure (?:in name resolution|resolving)|Name or service not known|Network is unreachable|No route to host|Connection (?:refused|timed out|reset by peer)|Could not resolve|Failed to establish a new connection|(?:no such host|i\/o timeout)|Cannot connect to proxy|tunneling socket could not be established/;

const FULL_DISK = /\bENOSPC\b|No space left on device|not have enough free space/i;

/** Variables that name a proxy, in the order in which programs read them. */
const PROXIES = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];

function failureCause(output, env = process.env) {
  if (FULL_DISK.test(output)) return "the disk is full (ENOSPC)";
  if (/ensurepip is not|No module named (?:venv|ensurepip)/.test(output))
    return "Python lacks venv: install python3-venv, or a Python from python.org";
  if (/No module named pip\b/.test(output)) return "Python lacks pip: install python3-pip";
  const [why] = NETWORK.exec(output) ?? [];
  if (why === undefined) return undefined;
  const proxy = PROXIES.find((name) => env[name]);
  return proxy === undefined
    ? `no connection to the network (${why}); behind a proxy, set HTTPS_PROXY`
    : `no connection through the proxy in ${proxy} (${why})`;
}

module.exports = { failureCause };
