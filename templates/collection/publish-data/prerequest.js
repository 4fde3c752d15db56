'use sandbox2';
// A runner that only tests logins has no message type: then there is nothing to publish.
if (!(pm.variables.get('message_type') ?? pm.environment.get('message_type'))) {
  console.log(
    'Publish data was skipped: message_type is empty. Set it in the environment to send a message.',
  );
  pm.execution.skipRequest();
}
