'use sandbox2';
// Sending one request by hand is not affected: only a run asks what comes next.
console.log(
  'The run ends here: the API requests that follow are sent by hand, or where a run names their folder.',
);
pm.execution.setNextRequest(null);
pm.execution.skipRequest();
