import { terraformToolchain } from "../lib/toolchain";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import { postgresBinaries } from "@packages/embedded-aws/servers/postgres-binaries";
import { serviceUser } from "@packages/embedded-aws/servers/service-user";
import type { Steps } from "@packages/cli-kit/progress";
import { findFfmpeg } from "@packages/embedded-aws/programs/ffmpeg";
import { type Moto, motoPython } from "@packages/embedded-aws/programs/moto";
import { findRedis } from "@packages/embedded-aws/programs/redis";

export interface Needs {
  readonly toolchain: TerraformToolchain;
  readonly moto: Moto;
  /** Without it the API is slower, never wrong. */
  readonly redis: boolean;
  /** Without it no video is processed. */
  readonly ffmpeg: boolean;
}

function describeTerraform({ executable, mirror }: TerraformToolchain): string {
  const from = executable.source === "PATH" ? "from PATH" : "downloaded";
  const provider = mirror
    ? `${mirror.versions[0]} from the mirror ${mirror.folder}`
    : "fetched by terraform init";
  return `${executable.version} ${from}; AWS provider ${provider}`;
}

/** Finds or fetches what the machine must have besides Node.js, and prints each choice in one line. */
export async function findNeeds(steps: Steps): Promise<Needs> {
  const toolchain = await steps.run("Terraform", () => terraformToolchain(), describeTerraform);
  const moto = await steps.run(
    "moto",
    (status) => motoPython(() => status(() => "installing it into .local/python, once")),
    ({ version, python, source }) =>
      `${version} of ${source === "installed" ? python : "a virtual environment"}`,
  );
  await steps.run(
    "PostgreSQL",
    () => Promise.resolve({ user: serviceUser(), ...postgresBinaries(serviceUser()) }),
    ({ version, source, user }) =>
      `${version} of ${source}${user ? `, run as ${user.name} since this is root` : ""}`,
  );
  const redis = await steps.run(
    "Redis",
    (status) => findRedis(() => status(() => "installing it")),
    (found) =>
      "missing" in found
        ? `none (${found.missing}): every request reads the database, nothing else changes`
        : `${found.version} from ${found.source}`,
  );
  const ffmpeg = await steps.run(
    "ffmpeg",
    (status) => findFfmpeg(() => status(() => "installing it")),
    (found) =>
      "missing" in found
        ? `none (${found.missing}): uploads stay unprocessed, nothing else changes`
        : `${found.version} from ${found.source}`,
  );
  return { toolchain, moto, redis: !("missing" in redis), ffmpeg: !("missing" in ffmpeg) };
}
