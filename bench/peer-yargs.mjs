import yargs from 'yargs';

yargs(process.argv.slice(2)).version('1.0.0').parseSync();
