/**
 * Runs in the process of an execution environment: loads the handler like Lambda's Node.js runtime, receives events
 * from file descriptor 3 and answers there. Plain JavaScript, so that it starts as fast as the runtime.
 */
const net = require("node:net");
const path = require("node:path");
const readline = require("node:readline");
const { pathToFileURL } = require("node:url");
const { patchConsole } = require("./console.cjs");

// Both streams use one pipe. To keep the order of lines, writes must be synchronous: otherwise, when the pipe is full,
// one stream buffers while the other continues.
const outputs = [process.stdout, process.stderr];
for (const output of outputs) output._handle?.setBlocking?.(true);

const channel = new net.Socket({ fd: 3, readable: true, writable: true });
const send = (message, then) => channel.write(`${JSON.stringify(message)}\n`, then);
/** Marker for instance.ts, which needs all lines of an invocation before it reports its end. */
const OUTPUT_END = "\u0000end of invocation\u0000\n";
let current;
const console_ = patchConsole(() => current);

function describe(error, type) {
  if (!(error instanceof Error))
    return { errorType: type ?? typeof error, errorMessage: String(error), trace: [] };
  return {
    errorType: type ?? error.name,
    errorMessage: error.message,
    trace: (error.stack ?? "").split("\n"),
  };
}

/** An uncaught error ends the environment and fails the current request. */
function crash(type) {
  return (error) => {
    const described = describe(error, type);
    console_.error("", { ...described });
    send({ type: "error", id: current, error: described, fatal: true }, () => process.exit(128));
  };
}

async function load() {
  const [file, name] = process.env._HANDLER.split(/\.(?=[^.]+$)/);
  const base = path.resolve(process.env.LAMBDA_TASK_ROOT, file);
  let module_;
  try {
    module_ = require(base);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND" || !error.message.includes(base)) {
      if (error.code !== "ERR_REQUIRE_ESM") throw error;
    }
    module_ = await import(pathToFileURL(`${base}.mjs`).href).catch(() => {
      throw Object.assign(new Error(`Cannot find module '${file}'`), { name: "Runtime.ImportModuleError" });
    });
  }
  const handler = module_[name] ?? module_.default?.[name];
  if (typeof handler === "function") return handler;
  throw Object.assign(new Error(`${process.env._HANDLER} is undefined or not exported`), {
    name: "Runtime.HandlerNotFound",
  });
}

function contextOf({ deadline, traceId, ...context }) {
  if (traceId) process.env._X_AMZN_TRACE_ID = traceId;
  return {
    ...context,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** Handlers return a promise or use the callback. */
function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    const returned = handler(event, context, callback);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });
}

async function answer(handler, { id, event, context }) {
  current = id;
  try {
    const payload = await call(handler, event, contextOf(context));
    const text = JSON.stringify(payload) ?? "null";
    process.stdout.write(OUTPUT_END);
    send({ type: "result", id, payload: text, rss: process.memoryUsage.rss() });
  } catch (error) {
    const described = describe(error);
    console_.error("Invoke Error", { ...described });
    process.stdout.write(OUTPUT_END);
    send({ type: "error", id, error: described, rss: process.memoryUsage.rss() });
  }
}

process.on("uncaughtException", crash("Runtime.UncaughtException"));
process.on("unhandledRejection", crash("Runtime.UnhandledPromiseRejection"));
// the other end is closed: no more events will come
channel.on("close", () => process.exit());
channel.on("error", () => process.exit());

load().then(
  (handler) => {
    readline.createInterface({ input: channel }).on("line", (line) => void answer(handler, JSON.parse(line)));
    send({ type: "ready" });
  },
  (error) => send({ type: "error", error: describe(error), fatal: true }, () => process.exit(1)),
);
