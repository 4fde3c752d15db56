'use sandbox2';
// Without a message type, the run only tests logins and publishes nothing.
if (!(pm.variables.get('message_type') ?? pm.environment.get('message_type'))) {
  console.log(
    'Publish data was skipped: message_type is empty. Set it in the environment to send a message.',
  );
  pm.execution.skipRequest();
}
