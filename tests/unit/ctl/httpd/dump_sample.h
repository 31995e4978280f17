// File: tests/unit/ctl/httpd/dump_sample.h
//
// What -t -D DUMP_PLIVO prints of a configuration with several virtual hosts, numbers and sinks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial::ctl {

inline constexpr const char* kDumpWithNumbers = R"dump(Plivo configuration:
  user www-data
  spool /var/lib/plivo-dial, keeps 100 bytes free, waits 5 s for the disk, failure serve  (built in)
  status file /run/apache2/plivo-dial.0a1b2c3d.status
  dispatcher On /usr/sbin/plivo-diald  (built in)
  sink log: syslog at /dev/log  (/etc/a.conf:1)
    PlivoEventSink log syslog:local0
  sink crm: exec /bin/cat two words  (/etc/a.conf:2)
    PlivoEventSink crm "exec:/bin/cat 'two words'" events=call.hangup,dial.result timeout=10
  sink queue: stream /bin/cat  (/etc/a.conf:3)
    PlivoEventSink queue stream:/bin/cat events=call.hangup
  main server <Location "/dialstatus">  (/etc/a.conf:9)
    endpoint answer, public URL https://pbx.example.com, signature Require, largest body 65536 bytes
    reached at 127.0.0.1:80
    fallback document  (/etc/a.conf:10)
    plan /dialstatus  (/etc/a.conf:9)
      no stages: nobody is dialled
    plan +14155550188  (/etc/a.conf:20)
      no stages: nobody is dialled
      nobody reached: voicemail  (/etc/a.conf:21)
        speak "Leave a message."
        record maxLength=120
        action https://pbx.example.com/dialstatus/recording
    plan +14155550199  (/etc/a.conf:12)
      speak "Connecting your call"
      wait 1 s
      stage 1  (/etc/a.conf:13)
        +14155550100
        sip:alice@phone.plivo.com sipHeaders=a=b
        dial: timeout=20
      stage 2  (/etc/a.conf:14)
        +14155550122
      every dial: timeout=30
      caller id: the caller's number
      nobody reached: speaks "Sorry (really)  (no)" and hangs up
      rings for at most 50 s
      action https://pbx.example.com/dialstatus/action#rp=ct
      callback https://pbx.example.com/dialstatus/callback
  sales.example.com:443 <Location "/">  (/etc/b.conf:3)
    endpoint answer, public URL https://sales.example.com/, signature Require, largest body 65536 bytes
    reached at no address
    plan /  (/etc/b.conf:3)
      no stages: nobody is dialled
    plan / default  (/etc/b.conf:5)
      stage 1  (/etc/b.conf:6)
        +14155550133
      caller id: Plivo's own
      nobody reached: speaks "Sorry" and hangs up
      rings for at most 120 s
      action https://sales.example.com/action
      callback https://sales.example.com/callback
  flow.example.com:443 <Location "/flow">  (/etc/c.conf:3)
    endpoint event, public URL none, signature Off, largest body 65536 bytes
    plan /flow  (/etc/c.conf:3)
      no stages: nobody is dialled
Syntax OK
)dump";

}  // namespace plivo_dial::ctl
