import { FARGATE_MEMORY_MIB } from "@packages/aws-sizes/fargate";
import { each } from "../rule";

export const taskSizeExists = each("aws_ecs_task_definition", (task) => {
  const memory = FARGATE_MEMORY_MIB.get(Number(task.at("cpu").text));
  return !task.at("requires_compatibilities").texts.includes("FARGATE") ||
    memory?.includes(task.at("memory").number) === true
    ? undefined
    : {
        finding: `Fargate has no ${task.at("cpu").text || "unset"} CPU with ${task.at("memory").text || "unset"} MiB`,
        remedy:
          memory === undefined
            ? `set cpu to one of ${[...FARGATE_MEMORY_MIB.keys()].join(", ")}`
            : `set memory to one of ${memory.join(", ")}`,
      };
});
