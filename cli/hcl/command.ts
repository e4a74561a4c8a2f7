import { relative } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";

export const synthHcl = defineCommand({
  name: "synth:hcl",
  summary: "Synthesizes every stack and writes it as native HCL into hcl.out/.",
  examples: [""],
  run: async (_, { print }) => {
    const { synthesizeHcl } = await import("./synthesize-hcl");
    for (const { stack, resources, files, folder } of await synthesizeHcl()) {
      print(`${stack}: ${resources} resources in ${files} files of ${relative(process.cwd(), folder)}`);
    }
  },
});
