'use sandbox2';
// This does not affect a request that is sent by hand: only a run asks for the next request.
console.log('The run ends here. Send the API requests below by hand, or name their folder in a run.');
pm.execution.setNextRequest(null);
pm.execution.skipRequest();
