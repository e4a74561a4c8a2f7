import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage, findBuilder, writeContext } from "../../../cli/image/builder";
import { blobFile, type Descriptor, type LayoutImage, readLayout } from "../../../cli/image/layout";
import { digestOf, pushImage, type Repository } from "../../../cli/image/registry";
import { clip } from "../processor/clips";
import {
  type Processing,
  register,
  startProcessing,
  stopProcessing,
  streams,
  upload,
} from "../../../harness/processing";
import { type ProcessorRun, startProcessor } from "../../../harness/processor";
import { localFolder } from "../../../packages/cli-kit/paths";
import { until } from "../../../packages/cli-kit/wait-until";
import { IMAGE_CA_FILE, imageContext, imageTag } from "../../../stacks/constructs/compute/processor-image";
import { Buildah, installPrograms, makeBaseImages } from "./base-images";
import { type RegistryServer, startRegistry } from "./registry-server";

/** The image from its build to a video. Only arm64 is not shown, which this machine can't run. */
const platform = `linux/${process.arch === "arm64" ? "arm64" : "amd64"}`;
const tag = imageTag();
let folder: string;
let layout: string;
let buildah: Buildah;
let image: LayoutImage;
let registry: RegistryServer;
let repository: Repository;
/** The file system of a container of the image that was pulled. */
let root: string;

/** Builders without an engine, and mounting what they built, need root on Linux. */
const asRootOnLinux = process.platform === "linux" && process.getuid?.() === 0 ? describe : describe.skip;

asRootOnLinux("the processor's image, from its build to a video", () => {
  beforeAll(async () => {
    await installPrograms();
    folder = mkdtempSync(join(tmpdir(), "streamflow-image-"));
    layout = join(folder, "oci");
    buildah = new Buildah(join(folder, "storage"));
    Object.assign(process.env, buildah.env);
    await makeBaseImages(buildah, join(localFolder, "base-images"));
    const context = writeContext(join(folder, "context"), { localBases: true });
    await buildImage(findBuilder(), { context, layout, platform, tag }, join(folder, "build.log"));
    image = readLayout(layout);
    registry = await startRegistry(folder);
    repository = { registry: registry.url, name: "streamflow/images", authorization: "Basic dGVzdDp0ZXN0" };
  });

  afterAll(async () => {
    await registry.stop();
    rmSync(folder, { recursive: true });
  });

  const pull = (): string => {
    const reference = `docker://${registry.host}/${repository.name}:${tag}`;
    return buildah.run("from", "--pull-always", "--tls-verify=false", reference);
  };

  describe("the image", () => {
    test("is pushed once, with the digest of its layout", async () => {
      expect(await digestOf(repository, tag)).toBeUndefined();
      expect(await pushImage(repository, { layout, image, tag })).toBe(image.blobs.length);
      expect(await digestOf(repository, tag)).toBe(image.manifest.digest);
      expect(await pushImage(repository, { layout, image, tag })).toBe(0);
    });

    test("is promoted to another repository with the same digest", async () => {
      const promoted = { ...repository, name: "streamflow/prod" };
      await pushImage(promoted, { layout, image, tag });
      expect(await digestOf(promoted, tag)).toBe(image.manifest.digest);
    });

    test("is refused with what the registry says, where a name is not allowed", async () => {
      const wrong = { ...repository, name: "Streamflow" };
      await expect(pushImage(wrong, { layout, image, tag })).rejects.toThrow("did not begin an upload: 404");
    });

    test("has the program and RDS's certificates, as they are digested, for anyone to read", () => {
      root = buildah.run("mount", pull());
      const context = imageContext();
      expect(readFileSync(join(root, "app/index.js"))).toEqual(Buffer.from(context["index.js"] ?? ""));
      expect(readFileSync(join(root, IMAGE_CA_FILE), "utf8")).toBe(context["rds.pem"]);
      expect(existsSync(join(root, "usr/local/bin/npm"))).toBe(false);
    });
  });

  describe("a processor in the image's file system, read-only and as user 1000", () => {
    let processing: Processing;
    let processor: ProcessorRun;

    beforeAll(async () => {
      processing = await startProcessing();
      const work = mkdtempSync(join(folder, "work-"));
      const { config } = JSON.parse(readFileSync(blobFile(layout, configBlob()), "utf8")) as ImageConfig;
      copyFileSync(processing.database.caFile, join(work, "ca.pem"));
      processor = await startProcessor(processing, {
        name: "image",
        command: ["unshare", "--mount", "/bin/sh", "-ec", IN_IMAGE, "sh", root, work, ...config.Cmd],
        environment: { ...environmentOf(config), WORK_FOLDER: "/work", NODE_EXTRA_CA_CERTS: "/work/ca.pem" },
      });
    });

    afterAll(async () => {
      await processor.process.stop();
      await stopProcessing(processing);
    });

    test("makes a video playable", async () => {
      const id = await register(processing);
      await upload(processing, { id, body: clip({ size: "320x180", seconds: 1 }) });
      const stored = async () => (await processing.s3.listObjectsV2({ Bucket: streams })).Contents ?? [];
      await until("the video is ready", async () => {
        const { rows } = await processing.database
          .admin()
          .query<{ status: string }>("SELECT status FROM media WHERE id = $1", [id]);
        if (rows[0]?.status === "failed") throw new Error(processor.output());
        return rows[0]?.status === "ready";
      });
      expect((await stored()).map(({ Key = "" }) => Key)).toContainEqual(expect.stringMatching(/\.m3u8$/));
    });
  });
});

/** What a container engine takes from an image: https://github.com/opencontainers/image-spec/blob/main/config.md */
interface ImageConfig {
  readonly config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Cmd: readonly string[];
  };
}

function configBlob(): Descriptor {
  const [config] = image.blobs;
  if (config === undefined) throw new Error("the image has no configuration");
  return config;
}

const environmentOf = ({ Env }: ImageConfig["config"]): Record<string, string> =>
  Object.fromEntries(Env.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));

/** Mounts the root file system read-only with a writable /work, as the task definition does, and runs the image's command. */
const IN_IMAGE = `
mount --bind "$1" "$1"
mount --bind "$2" "$1/work"
chown -R 1000:1000 "$1/work"
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
# as every container engine does
mount --bind /etc/hosts "$1/etc/hosts"
mount -o remount,bind,ro "$1"
if chroot --userspec=1000:1000 "$1" /bin/sh -c 'echo x > /app/x' 2>/dev/null; then echo "the root is writable"; exit 1; fi
root=$1; shift 2
exec chroot --userspec=1000:1000 "$root" "$@"
`;
