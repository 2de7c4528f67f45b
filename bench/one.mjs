// One benchmark, in a process of its own: what another one left in the heap and in the compiler must not count.
const [name, options] = process.argv.slice(2);
const { run } = await import(`./benchmarks/${name}.mjs`);
const result = await run(JSON.parse(options));
process.send({ node: process.versions.node, ...result }, () => process.exit(0));
