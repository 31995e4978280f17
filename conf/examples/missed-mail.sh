#!/bin/sh
# Mails each missed call, over SMTP. Install it, put your own server and addresses into it, and name
# it in the configuration, where each of its lines is one:
#
#   install -m 755 missed-mail.sh /usr/local/bin/plivo-missed-mail
#   PlivoEventSink mail exec:/usr/local/bin/plivo-missed-mail events=dial.result
#
# mail, sendmail and the like do not work in a hook, which may not gain privileges; curl talks to the
# mail server itself. When the server takes nothing, the mail comes again, for three days.
server=smtp://mail.example.com:25
from=pbx@example.com
to=office@example.com

[ "$PLIVO_EVENT" = dial.result ] || exit 0
case $PLIVO_DIAL_STATUS:$PLIVO_NEXT in
  completed:* | *:stage | *:menu | *:) exit 0 ;;
esac
caller=${PLIVO_FROM:-an unknown number}
printf '%s\r\n' "From: <$from>" "To: <$to>" "Date: $(date -R)" \
  "Message-ID: <$PLIVO_EVENT_ID@${from#*@}>" "Subject: Missed call from $caller" "" \
  "A call from $caller to ${PLIVO_TO:-you} was not answered: $PLIVO_DIAL_STATUS." \
  "The caller then got: $PLIVO_NEXT." "Call $PLIVO_CALL" |
  curl -sS --max-time 25 --url "$server" --mail-from "$from" --mail-rcpt "$to" --upload-file - ||
  exit 1
