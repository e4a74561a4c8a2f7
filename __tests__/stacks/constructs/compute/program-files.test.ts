import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NODE_MAJOR } from "../../../../stacks/constructs/compute/function-code";
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
  expect(dockerfile).toContain("global-bundle.pem");
  expect(dockerfile).toContain("npm run build:processor -- /app");
  // A tag that moves to another release is another image.
  for (const [, image = ""] of dockerfile.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)) {
    expect(image).toMatch(/^(?:node:\d+\.\d+\.\d+-bookworm-slim|debian:bookworm-\d{8}-slim|\w+)$/);
  }
});

it("has the Node.js that the programs are built for", () => {
  const majors = [...dockerfile.matchAll(/^FROM .*node:(\d+)\./gm)].map(([, major]) => Number(major));
  expect(new Set(majors)).toEqual(new Set([NODE_MAJOR]));
});

it("copies into the image's build whatever the command needs", () => {
  const project = resolve(__dirname, "../../../..");
  const source = join(folder, "source");
  const [build = ""] = dockerfile.split(/^FROM .* AS node$/m);
  for (const [, names = ""] of build.matchAll(/^COPY (.+) \S+$/gm)) {
    for (const name of names.split(" ")) cpSync(join(project, name), join(source, name), { recursive: true });
  }
  // npm ci makes links to the packages of the copy; everything else is as it is installed here.
  const installed = join(project, "node_modules");
  mkdirSync(join(source, "node_modules/@packages"), { recursive: true });
  for (const name of readdirSync(installed).filter((one) => one !== "@packages")) {
    symlinkSync(join(installed, name), join(source, "node_modules", name));
  }
  for (const name of readdirSync(join(source, "packages"))) {
    symlinkSync(join(source, "packages", name), join(source, "node_modules/@packages", name));
  }
  const { status, stderr } = spawnSync("npm", ["run", "build:processor", "--", join(folder, "app")], {
    cwd: source,
    encoding: "utf8",
  });
  expect([status, stderr.replace(/^npm .*\n/gm, "")]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "app/index.js"))).toEqual(readFileSync(join(folder, "index.js")));
});
