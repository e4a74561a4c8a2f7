const { projects, testTimeout } = require("./jest.config");
module.exports = { ...projects[0], displayName: undefined, testTimeout };
