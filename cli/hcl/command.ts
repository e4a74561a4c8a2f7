import { relative } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";
import { projectFolder } from "@packages/cli-kit/paths";
import { flag, option, text } from "@packages/cli-kit/values";

export const synthHcl = defineCommand({
  name: "synth:hcl",
  summary: "Synthesizes every stack and writes it as native HCL into hcl.out/.",
  description: [
    "With --push, commits hcl.out/ to a branch of origin, for workspaces of Terraform Cloud that watch it. The branch has these",
    "files only; without a difference, it stays as it is. In a workflow, GITHUB_TOKEN must have the right to write contents.",
  ].join("\n"),
  examples: ["", "--push hcl"],
  options: {
    push: option(text("BRANCH", "a branch"), "commit and push hcl.out/ to this branch of origin"),
    existing: flag("with --push: do nothing if origin has no such branch"),
  },
  run: async ({ push, existing }, { print }) => {
    const { hasBranch, publishFolder } = await import("./publish");
    const place = { repository: projectFolder, remote: "origin", token: process.env.GITHUB_TOKEN };
    if (push !== undefined && existing && !hasBranch({ ...place, branch: push }))
      return print(`origin has no branch ${push}: nothing to keep`);
    const { HCL_FOLDER, synthesizeHcl } = await import("./synthesize-hcl");
    for (const { stack, resources, files, folder } of await synthesizeHcl()) {
      print(`${stack}: ${resources} resources in ${files} files of ${relative(process.cwd(), folder)}`);
    }
    if (push === undefined) return;
    const message = "Write the HCL";
    const { commit, changed } = publishFolder({ ...place, folder: HCL_FOLDER, branch: push, message });
    print(changed ? `${push}: pushed ${commit}` : `${push}: unchanged, ${commit}`);
  },
});
