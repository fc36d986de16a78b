"""Block Kit as Slack checks it: surfaces, their blocks, and the elements and objects in them."""
