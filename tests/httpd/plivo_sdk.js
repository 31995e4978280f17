// SPDX-License-Identifier: Apache-2.0
//
// usage: node plivo_sdk.js DIRECTORY sign|validate FILE
// Lets the official SDK, installed below DIRECTORY, sign or validate the requests in FILE: one JSON
// object a line with method, url, params, nonce and token, and a signature to validate. Prints one
// JSON object a line: {"signature": "..."} or {"valid": true}.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const [directory, action, file] = process.argv.slice(2);
const plivo = require(path.join(path.resolve(directory), 'node_modules', 'plivo'));

function validate(request) {
  return plivo.validateV3Signature(
    request.method, request.url, request.nonce, request.token, request.signature, request.params);
}

// The SDK offers a verdict only. What it holds a signature against is the HMAC that it makes on the
// way, which is taken from there.
function sign(request) {
  const createHmac = crypto.createHmac;
  let made = '';
  crypto.createHmac = (...hmacArguments) => {
    const hmac = createHmac(...hmacArguments);
    const digest = hmac.digest.bind(hmac);
    hmac.digest = (...digestArguments) => (made = digest(...digestArguments));
    return hmac;
  };
  try {
    validate({...request, signature: 'none'});
  } finally {
    crypto.createHmac = createHmac;
  }
  return made;
}

const lines = fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
for (const request of lines.map((line) => JSON.parse(line))) {
  const result = action === 'sign' ? {signature: sign(request)} : {valid: validate(request)};
  process.stdout.write(JSON.stringify(result) + '\n');
}
