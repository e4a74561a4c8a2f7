import { defineRule, each } from "../rule";

const ROOT_USER = /^(0|root)?(:|$)/;

export const taskIsUnprivileged = defineRule({
  id: "task-is-unprivileged",
  sentence: "A container runs without root, privileges or a writable root filesystem.",
  source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html",
  code: { "stacks/constructs/compute/processor-task.ts": ["user", "readonlyRootFilesystem"] },
  find: each("aws_ecs_task_definition", (task) =>
    task.at("container_definitions").json.list.flatMap((container) =>
      container.at("readonlyRootFilesystem").isTrue &&
      !container.at("privileged").isTrue &&
      !ROOT_USER.test(container.at("user").text)
        ? []
        : [
            {
              finding: `container ${container.at("name").text} runs as root, is privileged, or can write to its root filesystem`,
              remedy:
                'set user to another than root ("1000:1000") and readonlyRootFilesystem to true; remove privileged',
            },
          ],
    ),
  ),
});
