import { closingLines } from "../../../cli/start/closing-lines";

const environment = "dev";
const product = "http://localhost:34427";
const door = `open ${product} and sign in as creator@example.com, Sample-creator-1`;

test("the address, the user and the password are the last line", () => {
  const health = JSON.stringify({ database: "up", cache: "up" });
  expect(closingLines({ environment, health, product })).toEqual([
    "dev is up to date (second plan empty)",
    door,
  ]);
});

test("a run whose Redis is down says so, and not that all is up to date", () => {
  const health = JSON.stringify({ database: "up", cache: "down" });
  const lines = closingLines({ environment, health, product });
  expect(lines).toEqual([
    expect.stringMatching(/^dev runs without its cache.*: Redis is down or missing/),
    door,
  ]);
  expect(lines.join()).not.toContain("up to date");
});

test("a run that does not answer says so", () => {
  const lines = closingLines({ environment, health: undefined, product: undefined });
  expect(lines).toEqual([expect.stringMatching(/^dev does not answer: npm run doctor -- dev/)]);
});
