// yargs-parser throws while it is loaded if this variable asks for a newer Node; it is meant for tests of its own.
// A file of its own, because it must run before yargs is imported.
delete process.env['YARGS_MIN_NODE_VERSION'];
