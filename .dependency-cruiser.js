/**
 * Rules of imports, checked by `npm run imports`. From top to bottom:
 *
 *     commands.ts → __tests__, bench → cli → harness, policies → packages
 *     main.ts → stacks → handlers (types only)
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "files in an import cycle can't be read or tested separately",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "the imported file does not exist",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "packages-stand-alone",
      comment: "packages are libraries: they contain nothing about this product and import only each other",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^(main\\.ts|commands\\.ts|stacks|policies|handlers|web|cli|bench|harness|__tests__)" },
    },
    {
      name: "packages-go-down",
      comment: "cli-kit imports no package, terraform only cli-kit, iam only these two",
      severity: "error",
      from: { path: "^packages/(terraform|iam)/" },
      to: { path: "^packages/", pathNot: ["^packages/$1/", "^packages/(cli-kit|terraform)/"] },
    },
    {
      name: "cli-kit-imports-no-package",
      comment: "cli-kit is the lowest package",
      severity: "error",
      from: { path: "^packages/cli-kit/" },
      to: { path: "^packages/", pathNot: "^packages/cli-kit/" },
    },
    {
      name: "package-by-name",
      comment: "import a package by name, @packages/…: only its exports are public",
      severity: "error",
      // cli/setup runs before node_modules exists
      from: { path: "^(cli|bench|harness|policies|stacks)/", pathNot: "^cli/setup/main\\.js$" },
      to: { path: "^packages/", dependencyTypesNot: ["aliased-workspace"] },
    },
    {
      name: "stacks-know-no-tools",
      comment: "stacks must not depend on tools that deploy them",
      severity: "error",
      from: { path: "^(main\\.ts|stacks/)" },
      to: {
        path: "^(policies|cli|bench|harness|packages|web|__tests__)/",
        // tables of AWS sizes, which policies and prices use too
        pathNot: "^packages/aws-sizes/",
      },
    },
    {
      name: "stacks-take-types-of-handlers",
      comment: "stacks import only types from handlers, and what reads the migrations",
      severity: "error",
      from: { path: "^stacks/" },
      to: {
        path: "^handlers/",
        // synth fails for the same files as the function
        pathNot: "^handlers/services/migrations\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "constructs-get-settings",
      comment: "constructs receive settings: they import no environment and no stack",
      severity: "error",
      from: { path: "^stacks/(constructs|lib)/" },
      to: { path: "^stacks/[^/]+\\.ts$", pathNot: "^stacks/base-stack\\.ts$" },
    },
    {
      name: "lib-is-lowest",
      comment: "stacks/lib is shared by constructs: it imports none of them",
      severity: "error",
      from: { path: "^stacks/lib/" },
      to: { path: "^stacks/constructs/" },
    },
    {
      name: "handlers-know-no-infrastructure",
      comment: "handlers must not depend on code that deploys them",
      severity: "error",
      // the review of plans is a package, with which the run task answers
      from: { path: "^handlers/", pathNot: "^handlers/review-task" },
      to: {
        path: "^(main\\.ts|stacks|policies|cli|bench|harness|packages|web|__tests__)|node_modules/(cdktf|constructs|@cdktf)/",
      },
    },
    {
      name: "review-task-knows-one-package",
      comment: "the run task's function only uses the package of Terraform Cloud",
      severity: "error",
      from: { path: "^handlers/review-task" },
      to: {
        path: "^(main\\.ts|stacks|policies|cli|bench|harness|packages|web|__tests__)|node_modules/(cdktf|constructs|@cdktf)/",
        pathNot: "^packages/terraform-cloud/",
      },
    },
    {
      name: "domain-knows-interfaces",
      comment: "the domain uses interfaces, not AWS: put it in handlers/services or handlers/runtime",
      severity: "error",
      from: { path: "^handlers/(media|processor|synthetic-check)/" },
      to: { path: "node_modules/(@aws-sdk/|aws-xray-sdk|pg/|ioredis/)" },
    },
    {
      name: "console-shares-types",
      comment: "the console shares the API's types, limits and codes of failure, not its code",
      severity: "error",
      from: { path: "^web/" },
      to: {
        path: "^handlers/",
        pathNot: "^handlers/media/(limits|failure-reasons)\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "console-imports-no-tools",
      comment: "the console is a page: it imports only itself, the API's types and browser packages",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^(main\\.ts|stacks|policies|cli|bench|harness|packages|__tests__)/" },
    },
    {
      name: "policies-know-packages",
      comment: "policies check synthesized JSON: they import packages, no stack and no command",
      severity: "error",
      from: { path: "^policies/" },
      to: { path: "^(main\\.ts|stacks|handlers|web|cli|bench|harness|__tests__)" },
    },
    {
      name: "commands-on-top",
      comment: "lower layers must not import benchmarks, tests, or the list of commands",
      severity: "error",
      from: { path: "^(harness|cli)/" },
      to: { path: "^(bench/|__tests__/|commands\\.ts$)" },
    },
    {
      name: "harness-knows-no-command",
      comment: "the harness is below the commands",
      severity: "error",
      from: { path: "^harness/" },
      to: { path: "^cli/" },
    },
    {
      name: "shared-knows-no-command",
      comment: "cli/lib is shared by commands: it imports none of them",
      severity: "error",
      from: { path: "^cli/lib/" },
      to: { path: "^cli/(?!lib/)" },
    },
    {
      name: "embedded-aws-is-for-rehearsals",
      comment: "commands for AWS must not load the emulator: only npm start, the harness, tests and bench do",
      severity: "error",
      from: { path: "^cli/", pathNot: "^cli/start/" },
      to: { path: "^packages/embedded-aws/" },
    },
    {
      name: "one-resource-at-a-time",
      comment:
        "import one resource, @cdktf/provider-aws/lib/<resource>: the whole package takes seconds and hundreds of MB",
      severity: "error",
      from: {},
      to: { path: "node_modules/@cdktf/provider-aws/lib/index\\.js$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(cdktf\\.out|hcl\\.out|\\.local|bench/baselines|web/dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node", "default"] },
  },
};
