import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProcess } from "@packages/cli-kit/process";
import { Refusal } from "@packages/cli-kit/refusal";
import { imageContext } from "../../stacks/constructs/compute/processor-image";

/** A program that builds images. */
export interface Builder {
  readonly name: "docker" | "podman" | "buildah";
  /** Command lines that build the context into an OCI layout, in order. */
  readonly commands: (build: Build) => readonly (readonly [string, ...string[]])[];
}

export interface Build {
  readonly context: string;
  /** Folder of the OCI image layout. */
  readonly layout: string;
  /** Such as `linux/arm64`. */
  readonly platform: string;
  readonly tag: string;
}

const NAME = "streamflow-processor";

/** Earlier steps are never reused: packages may have had security updates since. */
const BUILDERS: readonly Builder[] = [
  {
    name: "docker",
    commands: ({ context, layout, platform }) => [
      ["docker", "buildx", "create", "--name", NAME, "--driver", "docker-container", "--bootstrap"],
      [
        ...([
          "docker",
          "buildx",
          "build",
          "--builder",
          NAME,
          "--no-cache",
          "--pull",
          "--provenance=false",
        ] as const),
        ...["--platform", platform, "--output", `type=oci,tar=false,dest=${layout}`, context],
      ],
      ["docker", "buildx", "rm", NAME],
    ],
  },
  {
    name: "podman",
    commands: ({ context, layout, platform, tag }) => [
      ["podman", "build", "--no-cache", "--platform", platform, "--tag", `${NAME}:${tag}`, context],
      ["podman", "push", `${NAME}:${tag}`, `oci:${layout}`],
    ],
  },
  {
    name: "buildah",
    commands: ({ context, layout, platform, tag }) => [
      ["buildah", "build", "--no-cache", "--platform", platform, "--tag", `${NAME}:${tag}`, context],
      ["buildah", "push", `${NAME}:${tag}`, `oci:${layout}`],
    ],
  },
];

/** The first builder that works on this machine. Throws a Refusal if there is none. */
export function findBuilder(): Builder {
  const probes = { docker: ["info"], podman: ["--version"], buildah: ["--version"] };
  const found = BUILDERS.find(({ name }) => spawnSync(name, probes[name], { stdio: "ignore" }).status === 0);
  if (found !== undefined) return found;
  throw new Refusal(
    "no program builds images here: install docker with buildx, podman or buildah (docker is there only while its " +
      "engine runs); nothing was changed",
  );
}

/**
 * Writes the build context; returns its folder. With `localBases`, the Dockerfile names its base images without their
 * digests, which only the published images have.
 */
export function writeContext(folder: string, { localBases = false } = {}): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(imageContext())) {
    const written =
      name === "Dockerfile" && localBases ? String(content).replace(/@sha256:[0-9a-f]{64}/g, "") : content;
    writeFileSync(join(folder, name), written, { mode: 0o444 });
  }
  return folder;
}

/** Builds an image into an OCI layout. Throws with the end of the builder's output if it fails. */
export async function buildImage(builder: Builder, build: Build, log: string): Promise<void> {
  rmSync(build.layout, { recursive: true, force: true });
  for (const [command, ...args] of builder.commands(build)) {
    const process = await startProcess({
      name: builder.name,
      command,
      args,
      log,
      env: globalThis.process.env,
    });
    const { code } = await process.ended;
    if (code !== 0) throw new Error(`${command} ${args[0] ?? ""} failed, see ${log}`);
  }
}
