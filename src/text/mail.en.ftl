# Mail about events: one subject and one text, by event and by who reads it. Short, and without personal content: the rest is on the portal.

mail-subject = { $event ->
    [organisation-asked] An organisation asks to be added
    [mandate-withdrawn] A mandate was withdrawn
    [evidence-lapsing] A proof of yours lapses soon
    [request-received] { $party ->
        [owner] New request for “{ $title }”
       *[reuser] We received your request for “{ $title }”
    }
    [request-completion-asked] We need more for your request for “{ $title }”
    [request-completed] A request for “{ $title }” was completed
    [request-review] A request for “{ $title }” waits for a person
    [request-term-changed] The time to decide on your request for “{ $title }” changed
    [request-due-soon] Decide soon: a request for “{ $title }”
    [request-overdue] Overdue: a request for “{ $title }”
    [request-decided] Decision on { $party ->
        [owner] a request
       *[reuser] your request
    } for “{ $title }”
    [objection-received] { $party ->
        [owner] An objection to a decision on “{ $title }”
       *[reuser] We received your objection about “{ $title }”
    }
    [objection-decided] Decision on { $party ->
        [owner] an objection
       *[reuser] your objection
    } about “{ $title }”
    [deal-offered] A data deal is ready for you to sign: “{ $title }”
    [deal-accepted] The data deal on “{ $title }” is active
    [deal-intended] We intend to end your data deal on “{ $title }”
    [deal-intention-dropped] The data deal on “{ $title }” goes on
    [deal-view-given] A view on ending the data deal on “{ $title }”
    [deal-suspended] The data deal on “{ $title }” is suspended
    [deal-resumed] The data deal on “{ $title }” runs again
    [deal-revoked] The data deal on “{ $title }” is ended
    [deal-ended] The reuser ended the data deal on “{ $title }”
    [deal-objected] An objection about the data deal on “{ $title }”
    [user-named] A user was named: “{ $title }”
    [user-removed] A user was removed: “{ $title }”
    [deal-ending] The data deal on “{ $title }” ends soon
    [deal-reviewed] A data deal on “{ $title }” would now get another answer
    [obligation-due] Something is due soon under your data deal on “{ $title }”
    [obligation-overdue] Something is overdue under the data deal on “{ $title }”
    [obligation-met] Done under the data deal on “{ $title }”
    [delivery-recorded] Data were delivered: “{ $title }”
    [incident-reported] Incident under the data deal on “{ $title }”
    [dataset-corrected] Data of “{ $title }” were corrected
    [webhook-test] Test
   *[other] { $event }
}
mail-text = { $event ->
    [organisation-asked] An organisation asks to be added to the portal. Check its register number, then confirm or refuse.
    [mandate-withdrawn] A mandate under which a person of your organisation acts ({ $state }) was withdrawn before its end. Nothing can be decided or approved under it any more; what was done before stays valid.
    [evidence-lapsing] A proof on which your requests and deals may rest lapses on { $day }. Give a newer one in time: without it a deal can be suspended.
    [request-received] { $party ->
        [owner] A request for “{ $title }” was received. There is time to decide until { $day }.
       *[reuser] We received your request for “{ $title }”. You will hear from us by { $day }.
    }
    [request-completion-asked] To decide on your request for “{ $title }” we still need something from you. The portal shows what. Send it by { $day }. Until then the clock stands still. Without it we may stop handling the request.
    [request-completed] Who asks for “{ $title }” completed or changed the request. Approvals that were given on what was asked before no longer count.
    [request-review] A request for “{ $title }” waits for a person: for an approval, or for the confirmation of its outcome.
    [request-term-changed] The time to decide on your request for “{ $title }” changed. The portal shows why. You will hear from us by { $day }.
    [request-due-soon] The time to decide on a request for “{ $title }” ends on { $day }.
    [request-overdue] The time to decide on a request for “{ $title }” ended on { $day }. The decision must still be taken; being late changes nothing in what it should be.
    [request-decided] { $party ->
        [owner] A request for “{ $title }” has ended: { $state ->
            [granted] granted
            [partly_granted] partly granted
            [refused] refused
            [no_ground] no ground in law
            [withdrawn] withdrawn
            [forwarded] forwarded
            [not_considered] not considered
           *[other] { $state }
        }.
       *[reuser] { $state ->
            [granted] Your request for “{ $title }” is granted. If a data deal is needed, it will be offered to you.
            [partly_granted] Your request for “{ $title }” is granted in part.
            [refused] Your request for “{ $title }” is refused.
            [no_ground] The law does not allow us to give you what you asked of “{ $title }”.
            [withdrawn] You withdrew your request for “{ $title }”. It has ended.
            [forwarded] Your request for “{ $title }” was forwarded to the body that must decide on it.
            [not_considered] Your request for “{ $title }” is not considered further.
           *[other] Your request for “{ $title }” has ended.
        } The portal has the decision letter. It gives the reasons, and until when and where you can object.
    }
    [objection-received] { $party ->
        [owner] An objection to a decision on “{ $title }” was received. There is time to decide until { $day }. Somebody else must decide than who took the first decision.
       *[reuser] We received your objection about “{ $title }”. You will hear from us by { $day }.
    }
    [objection-decided] { $party ->
        [owner] An objection about “{ $title }” was decided.
       *[reuser] Your objection about “{ $title }” was decided. The portal has the decision letter with the reasons, and says what you can still do.
    }
    [deal-offered] A data deal on “{ $title }” is ready for you to sign. Read it on the portal and accept it by { $day }; after that the offer lapses.
    [deal-accepted] The data deal on “{ $title }” is signed by both sides and active. The portal has one file with which anyone can verify it.
    [deal-intended] We intend to end your data deal on “{ $title }”. The portal gives the reason. You can give your view until { $day }.
    [deal-intention-dropped] We no longer intend to end your data deal on “{ $title }”. The portal gives the reason.
    [deal-view-given] The reuser gave its view on your intention to end the data deal on “{ $title }”.
    [deal-suspended] The data deal on “{ $title }” is suspended: until it runs again, the data may not be used under it. The portal gives the reason.
    [deal-resumed] The data deal on “{ $title }” runs again.
    [deal-revoked] The data deal on “{ $title }” is ended. The portal gives the reason, and what must now be done.
    [deal-ended] The reuser ended the data deal on “{ $title }”. The portal gives the reason, and what becomes of the data.
    [deal-objected] The reuser objects to what was decided about the data deal on “{ $title }”. Somebody else must look at it than who took that step.
    [user-named] The reuser named a person who may use the data under the data deal on “{ $title }”.
    [user-removed] A person who could use the data under the data deal on “{ $title }” was removed.
    [deal-ending] The data deal on “{ $title }” ends on { $day }. It can be renewed before then.
    [deal-reviewed] A live data deal on “{ $title }” was decided again, and would now get another answer: { $state ->
        [permit] yes
        [review] a person must approve
        [incomplete] facts are missing
        [deny] no, a condition is not met
        [no_ground] no ground in law
       *[other] { $state }
    }. The portal shows why.
    [obligation-due] Something that you promised under the data deal on “{ $title }” is due on { $day }. The portal shows what.
    [obligation-overdue] Something that was promised under the data deal on “{ $title }” was due on { $day } and is not known to be done.
    [obligation-met] The reuser says that something promised under the data deal on “{ $title }” is done, and gave proof of it.
    [delivery-recorded] A delivery of “{ $title }” under your data deal was recorded. Check that you have it.
    [incident-reported] The reuser reports an incident under the data deal on “{ $title }”. Look at it now: the law may give you little time.
    [dataset-corrected] Data of “{ $title }” that you received were corrected. The portal says which edition replaces them.
    [webhook-test] This is a test. Nothing happened.
   *[other] { $event }
}
mail-request = Request: { $id }
mail-deal = Data deal: { $id }
mail-closing = This message was sent by { $portal }, by itself. You cannot answer it.
