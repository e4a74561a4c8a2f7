const { format } = require("node:util");

const methods = { log: "INFO", info: "INFO", warn: "WARN", error: "ERROR", debug: "DEBUG", trace: "TRACE" };

/**
 * Makes the console write lines like Lambda's Node.js runtime, in the function's log format. Returns an error writer
 * for the runtime itself, with a message and JSON fields.
 */
exports.patchConsole = function patchConsole(requestId) {
  const json = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
  const write = (level, message, fields = {}) => {
    const timestamp = new Date().toISOString();
    const id = requestId();
    if (json) {
      process.stdout.write(`${JSON.stringify({ timestamp, level, requestId: id, message, ...fields })}\n`);
      return;
    }
    const text = [message, ...(Object.keys(fields).length > 0 ? [JSON.stringify(fields)] : [])].join("\t");
    // one log event is one line
    process.stdout.write(`${[timestamp, id, level, text].join("\t").replaceAll("\n", "\r")}\n`);
  };
  for (const [name, level] of Object.entries(methods)) {
    console[name] = (...values) => {
      const error = values.find((value) => value instanceof Error);
      const fields =
        error && json
          ? { errorType: error.name, errorMessage: error.message, stackTrace: error.stack?.split("\n") }
          : {};
      write(level, format(...values), fields);
    };
  }
  return { error: (message, fields) => write("ERROR", message, fields) };
};
