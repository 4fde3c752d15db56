'use sandbox2';
// With a data file there is a run for each of its rows: such a run must not delete a whole fleet.
// @ts-expect-error -- Postman's types want arguments that it does not take.
const hasData = Object.keys(pm.iterationData.toObject()).length > 0;
const changes = !['GET', 'HEAD', 'OPTIONS'].includes(pm.request.method);
if (changes && (hasData || pm.info.iterationCount > 1)) {
  console.log(
    'Skipped, because it changes something and would do so for each row. Copy it out of this folder to run it over data.',
  );
  pm.execution.skipRequest();
}
