/** The media function's handler behind node:http, with only API Gateway's event in between. */
const { handler } = require(process.env.HANDLER_FILE);

const { cursor } = process.env;
let count = 0;

function event(method, path, query, headers) {
  const requestId = `8c1e5f0a-0000-4000-8000-${String(++count).padStart(12, "0")}`;
  return {
    httpMethod: method,
    path,
    multiValueQueryStringParameters: query,
    multiValueHeaders: headers,
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId, authorizer: null },
  };
}

const context = () => ({ awsRequestId: `invocation-${count}` });
const agent = { accept: ["application/json"], host: ["localhost"], "user-agent": ["bench"] };

exports.call = (cached) =>
  handler(event("GET", "/media", cached ? null : { cursor: [cursor] }, agent), context());

exports.serve = async (request, response) => {
  const [path, search] = request.url.split("?");
  let query = null;
  if (search !== undefined) {
    query = {};
    for (const [name, value] of new URLSearchParams(search)) (query[name] ??= []).push(value);
  }
  const { statusCode, multiValueHeaders, body } = await handler(
    event(request.method, path, query, request.headersDistinct),
    context(),
  );
  response
    .writeHead(statusCode, { ...multiValueHeaders, "content-length": Buffer.byteLength(body) })
    .end(body);
};
