/** Called with the canvas's body: what `watchCards` has noted. */
(body) => body.ownerDocument.defaultView.glimpses;
