const { delimiter } = require("node:path");
const tseslint = require("typescript-eslint");

// npm run check -- --changed lints with smaller programs: see cli/test/lint-projects.ts.
const PROJECTS = process.env.LINT_PROJECTS?.split(delimiter) ?? ["./tsconfig.json", "./web/tsconfig.json"];

const LITERAL_SPREAD = {
  selector: "SpreadElement[argument.type='ObjectExpression']",
  message: "write out the fields: spreading a literal only saves lines",
};

const BOOLEAN_TYPE = "typeAnnotation.typeAnnotation.type='TSBooleanKeyword'";
// A boolean parameter by its type or default: `is: boolean`, `is = true`, `private readonly is: boolean`.
const BOOLEAN_PARAMETER = [
  `Identifier.params[${BOOLEAN_TYPE}]`,
  `AssignmentPattern.params[left.${BOOLEAN_TYPE}]`,
  "AssignmentPattern.params[right.raw=/^(true|false)$/]",
  `TSParameterProperty.params[parameter.${BOOLEAN_TYPE}]`,
  `TSParameterProperty.params[parameter.left.${BOOLEAN_TYPE}]`,
  "TSParameterProperty.params[parameter.right.raw=/^(true|false)$/]",
].join(", ");
const POSITIONAL_BOOLEAN = {
  selector: `:function[params.length>1] > :matches(${BOOLEAN_PARAMETER})`,
  message: "true has no meaning at a call: use a field of an object, or two functions",
};

// Rules of imports are in .dependency-cruiser.js.
module.exports = tseslint.config(
  {
    ignores: [
      "node_modules",
      "cdktf.out",
      "hcl.out",
      ".local",
      "coverage",
      "web/dist",
      "bench/baselines",
      "__tests__/services/handlers/previous-release/release.js",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({
    ...config,
    files: ["**/*.ts", "web/**/*.tsx"],
  })),
  {
    files: ["**/*.ts", "web/**/*.tsx"],
    languageOptions: {
      parserOptions: { project: PROJECTS, tsconfigRootDir: __dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-console": "error",
      eqeqeq: "error",
      "no-restricted-syntax": ["error", LITERAL_SPREAD],
    },
  },
  {
    files: ["**/*.ts", "web/**/*.tsx"],
    ignores: ["__tests__/**"],
    rules: {
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: false, skipComments: false }],
      "max-params": ["error", 3],
      "no-restricted-syntax": ["error", LITERAL_SPREAD, POSITIONAL_BOOLEAN],
    },
  },
  {
    // Tests read synthesized JSON, responses and logs, whose shape they assert.
    files: ["__tests__/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: [
      "main.ts",
      "commands.ts",
      "cli/**/*.ts",
      "bench/**/*.ts",
      "__tests__/support/foreign-settings.ts",
    ],
    rules: { "no-console": "off" },
  },
  {
    files: ["stacks/**/*.ts", "handlers/**/*.ts"],
    ignores: ["handlers/runtime/environment.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "read the environment in handlers/runtime/environment.ts; stacks take settings",
        },
      ],
    },
  },
);
