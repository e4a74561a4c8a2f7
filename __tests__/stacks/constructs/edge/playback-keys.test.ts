import { generateKeyPairSync } from "node:crypto";
import { PlaybackKeys } from "../../../../stacks/constructs/edge/playback-keys";
import { edgeSchema } from "../../../../stacks/constructs/edge/settings";
import { settingsOf, synthEnvironment, synthOf } from "../../../support/synth";

const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const KEY = publicKey.export({ type: "spki", format: "pem" }).toString();

const emitted = (playbackKeys: Readonly<Record<string, string>>): unknown[] =>
  synthOf((stack) => new PlaybackKeys(stack, "keys", { playbackKeys, protect: false }))
    .of("aws_cloudfront_public_key")
    .map(({ encoded_key: key }) => key as unknown);

test.each([
  ["as OpenSSL writes it", KEY],
  ["without its last newline", KEY.trimEnd()],
  ["with CRLF and blank lines", `\r\n${KEY.replaceAll("\n", "\r\n")}\r\n`],
  ["in lines of another length", KEY.replace(/(?<=[A-Za-z0-9+/])\n(?=[A-Za-z0-9+/])/g, "")],
  ["as PKCS #1", publicKey.export({ type: "pkcs1", format: "pem" }).toString()],
])("a key written %s is the same text to Terraform, so that no plan replaces it", (_, key) => {
  expect(emitted({ first: key })).toEqual([KEY]);
});

test("a key can't have the name of another construct in the same scope", () => {
  let ids: string[] = [];
  synthOf((stack) => {
    const { node } = new PlaybackKeys(stack, "keys", { playbackKeys: { first: KEY }, protect: false });
    ids = node.children.map((child) => child.node.id).filter((id) => id !== "first");
  });
  expect(ids.length).toBeGreaterThan(1);
  const taken = (name: string): boolean =>
    !edgeSchema.safeParse({ priceClass: "PriceClass_100", playbackKeys: { [name]: KEY } }).success;
  expect(ids.filter((id) => !taken(id))).toEqual([]);
  expect(taken("first")).toBe(false);
});

test("the longest names of an environment and of a key fit into what AWS takes", () => {
  const edge = { ...settingsOf("prod").edge, playbackKeys: { ["k".repeat(64)]: KEY } };
  const stack = synthEnvironment("prod", { name: "e".repeat(12), edge });
  expect(stack.of("aws_cloudfront_public_key")).toHaveLength(1);
});
