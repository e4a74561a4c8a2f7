import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleProcessor } from "../../../../stacks/constructs/compute/program-files";

const folder = mkdtempSync(join(tmpdir(), "image-"));
afterAll(() => rmSync(folder, { recursive: true }));
const dockerfile = readFileSync(resolve(__dirname, "../../../../handlers/processor/Dockerfile"), "utf8");

it("bundles the processor into one file that runs without packages, and names what it lacks", () => {
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

it("puts into the image what the task asks for: no root, a folder to write to, ffmpeg, the database's authorities", () => {
  expect(dockerfile).toMatch(/^USER 1000:1000$/m);
  expect(dockerfile).toMatch(/chown 1000:1000 \/work/);
  expect(dockerfile).toMatch(/^VOLUME \/work$/m);
  expect(dockerfile).toMatch(/install .*ffmpeg/);
  expect(dockerfile).toContain("global-bundle.pem");
  expect(dockerfile).toContain("npm run build:processor -- /app");
  // A tag that moves to another release is another image.
  for (const [, image = ""] of dockerfile.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)) {
    expect(image).toMatch(/^(?:node:22\.\d+\.\d+-bookworm-slim|debian:bookworm-\d{8}-slim|\w+)$/);
  }
});

it("copies into the image what the checkout has", () => {
  const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = ""]) =>
    files.split(" "),
  );
  expect(copies).toEqual(expect.arrayContaining(["cli", "packages", "stacks", "handlers"]));
  const missing = copies.filter((file) => !existsSync(resolve(__dirname, "../../../..", file)));
  expect(missing).toEqual([]);
});
