import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NODE_MAJOR } from "../../../../stacks/constructs/compute/function-code";
import { IMAGE_CA_FILE } from "../../../../stacks/constructs/compute/processor-image";
import { bundleProcessor } from "../../../../stacks/constructs/compute/program-files";

const folder = mkdtempSync(join(tmpdir(), "image-"));
afterAll(() => rmSync(folder, { recursive: true }));
const dockerfile = readFileSync(resolve(__dirname, "../../../../handlers/processor/Dockerfile"), "utf8");

it("bundles the processor into one file that runs without packages, and names what is missing", () => {
  expect(bundleProcessor(folder)).toEqual([join(folder, "index.js")]);
  expect(readdirSync(folder)).toEqual(["index.js"]);
  const { status, stderr } = spawnSync(process.execPath, ["index.js"], {
    cwd: folder,
    env: {},
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("QUEUE_URL is missing");
  expect(stderr).toContain("WORK_FOLDER is missing");
  expect(stderr).not.toContain("X264_PRESET");
});

it("builds the image for the task: no root, a writable folder, ffmpeg, the database's certificate authorities", () => {
  expect(dockerfile).toMatch(/^USER 1000:1000$/m);
  expect(dockerfile).toMatch(/chown 1000:1000 \/work/);
  expect(dockerfile).toMatch(/^VOLUME \/work$/m);
  expect(dockerfile).toMatch(/install .*ffmpeg/);
  expect(dockerfile).toContain(IMAGE_CA_FILE);
});

/** Images without a digest and downloads without a checksum: their content can change. */
function unpinned(text: string): string[] {
  const instructions = text.replaceAll(/\\\n\s*/g, "").split("\n");
  return instructions.filter(
    (line) =>
      (line.startsWith("FROM ") && !/@sha256:[\da-f]{64}( |$)/.test(line)) ||
      (/^ADD .*https?:/.test(line) && !/ --checksum=sha256:[\da-f]{64} /.test(line)),
  );
}

it("pins images by digest and downloads by checksum, and takes security updates", () => {
  expect(unpinned(dockerfile)).toEqual([]);
  expect(dockerfile).toContain("apt-get upgrade --yes");
});

test.each([
  "FROM node:22.23.3-trixie-slim AS node",
  `FROM debian:trixie-slim@sha256:${"a".repeat(63)}`,
  "ADD --chmod=444 https://example.com/a.pem /a.pem",
  "ADD --chmod=444 \\\n  https://example.com/a.pem /a.pem",
])("a Dockerfile that is not pinned is found: %j", (text) => {
  expect(unpinned(text)).toHaveLength(1);
});

it("has the Node.js that the programs are built for", () => {
  const majors = [...dockerfile.matchAll(/^FROM .*node:(\d+)\./gm)].map(([, major]) => Number(major));
  expect(new Set(majors)).toEqual(new Set([NODE_MAJOR]));
});
