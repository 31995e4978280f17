<?php
// SPDX-License-Identifier: Apache-2.0
//
// An answer URL and a callback URL as one writes them in PHP, without a framework.

function is_signed(array $pairs, bool $is_get): bool
{
    ksort($pairs, SORT_STRING);
    $told = [];
    foreach ($pairs as $name => $value) {
        $told[] = $is_get ? "$name=$value" : $name . $value;
    }
    $text = 'https://pbx.example.com' . strtok($_SERVER['REQUEST_URI'], '?') . '?'
        . implode($is_get ? '&' : '', $told) . '.' . ($_SERVER['HTTP_X_PLIVO_SIGNATURE_V3_NONCE'] ?? '');
    $ours = base64_encode(hash_hmac('sha256', $text, getenv('BENCH_TOKEN'), true));
    return hash_equals($ours, $_SERVER['HTTP_X_PLIVO_SIGNATURE_V3'] ?? '');
}

$is_get = $_SERVER['REQUEST_METHOD'] === 'GET';
$pairs = $is_get ? $_GET : $_POST;
if (!is_signed($pairs, $is_get)) {
    http_response_code(403);
    exit;
}
if (!$is_get) {
    file_put_contents(getenv('BENCH_LOG'), json_encode($pairs) . "\n", FILE_APPEND);
    exit;
}
$from = htmlspecialchars($pairs['From'] ?? '', ENT_XML1 | ENT_QUOTES);
header('Content-Type: application/xml');
echo '<?xml version="1.0" encoding="UTF-8"?>',
    '<Response><Speak>Connecting your call..</Speak>',
    "<Dial timeout=\"20\" callerId=\"$from\"><Number>+14155550100</Number></Dial></Response>";
