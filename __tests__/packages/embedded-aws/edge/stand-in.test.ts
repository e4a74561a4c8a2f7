import { clientConfig } from "../../../../packages/embedded-aws/client";
import type { Behavior } from "../../../../packages/embedded-aws/edge/distribution";
import { withEmulator } from "../../../../packages/embedded-aws/edge/stand-in";

const behavior = (responseHeaders: Behavior["responseHeaders"]): Behavior => ({
  pattern: "*",
  origin: { id: "o", domainName: "o.example", path: "", headers: {}, signed: false },
  methods: ["GET"],
  responseHeaders,
  overrides: [],
  forwardsCookies: false,
  trustedKeys: new Map(),
});

test("pages may connect to the emulator where they may connect to AWS, and nothing else changes", () => {
  const { behaviors } = withEmulator(
    {
      id: "D",
      arn: "arn",
      host: "streamflow.example",
      behaviors: [
        behavior({ "content-security-policy": "connect-src 'self' https://*.amazonaws.com; img-src 'self'" }),
        behavior({ "content-security-policy": "default-src 'self'", "x-frame-options": "DENY" }),
        behavior({}),
      ],
    },
    clientConfig("http://127.0.0.1:4000", "us-east-1"),
  );
  expect(behaviors.map(({ responseHeaders }) => responseHeaders)).toEqual([
    {
      "content-security-policy":
        "connect-src 'self' https://*.amazonaws.com http://127.0.0.1:4000; img-src 'self'",
    },
    { "content-security-policy": "default-src 'self'", "x-frame-options": "DENY" },
    {},
  ]);
});
