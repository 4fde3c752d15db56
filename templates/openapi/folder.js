'use sandbox2';
// With a data file, requests are sent for each of its rows. This must not delete a whole fleet by accident.
// @ts-expect-error -- Postman's types require arguments that this function does not have.
const hasData = Object.keys(pm.iterationData.toObject()).length > 0;
const changes = !['GET', 'HEAD', 'OPTIONS'].includes(pm.request.method);
if (changes && (hasData || pm.info.iterationCount > 1)) {
  console.log(
    'Skipped, because it would change something for each row. To run it over data, copy it out of this folder.',
  );
  pm.execution.skipRequest();
}
