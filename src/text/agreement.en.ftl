# The agreement, template 2. A deal is signed over these words: they never change, a change is a new template.

agreement-title = Data deal { $number }
agreement-subject = “{ $title }”
agreement-article = { $n }. { $heading }
agreement-clause = { $n } { $id } ({ $kind ->
    [promise] promise
    [duty] duty
    [delivery] way of giving
    [fee] fee
   *[term] extra term
})
agreement-clause-due = Due { $due }.
agreement-clause-law = Legal basis: { $law }.

agreement-heading-1 = This deal
agreement-text-1 = This is data deal { $number } on the dataset “{ $title }”. It carries out decision { $decision }. The general part follows template { $template }. The articles and clauses have the same numbers in Dutch and in English.

agreement-heading-2 = Parties
agreement-text-2 = This deal is between the provider and the reuser. Each has its seat as stated in the register that is named.
agreement-provider = Provider: { $name }, { $number }
agreement-provider-for = Provider: { $name }, { $number }, in the name of { $body }
agreement-reuser = Reuser: { $name }, { $number }

agreement-heading-3 = Who signs
agreement-text-3 = For the provider signs: { $function }, on the authority of { $authority }. For the reuser signs the person who accepts this deal. The acceptance states the function and the authority of that person. Persons are named in a separate document, which can be erased without touching a signature.
agreement-authority-mandate = the mandate with digest { $digest }
agreement-authority-register = the register: { $entry }
agreement-authority-automatic = the published conditions, for which { $official } answers

agreement-heading-4 = Contact and notices
agreement-text-4 = Within five working days after signing each party tells the other whom it can reach about the content, privacy, security and invoices. Notices are in writing: through the portal where this deal was concluded, or to the address of the other party in its register. Questions may also be asked by telephone.

agreement-heading-5 = Ground
agreement-text-5 = The provider gives the data because the law allows it. The act that governs this is: { $law } ({ $regime ->
    [open] open data
    [who] rules for reuse of government information
    [dga] Data Governance Act
    [sector] act for this sector
   *[other] regime { $regime }
}). The provider gives the data on this ground:
agreement-ground = { $label } ({ $law })

agreement-heading-6 = Words used
agreement-text-6 = Data: what article 7 describes, and each copy of it. Result: what the reuser makes with the data and from which the data cannot be derived again. Personal data: data about a person who is identified or can be identified. Incident: a leak, loss or misuse of the data, or use against this deal. Third party: everyone but the provider, the reuser and those who work under the authority of either.

agreement-heading-7 = The data
agreement-text-7 = The provider gives the data listed here. The catalogue describes their quality and known limits. The data are given as they are.
agreement-data-dataset = Dataset: { $title }, { $iri }
agreement-data-version = Version of the dataset: { $digest }
agreement-data-columns = Columns: { $columns }
agreement-data-no-columns = Columns: the dataset is given as it is described in the catalogue, without a list of columns
agreement-data-level = Level: { $level }
agreement-data-editions = Editions: { $editions }
agreement-data-every-edition = Editions: each edition that appears during the term
agreement-data-from = Data from: { $from }
agreement-data-until = Data { $until }
agreement-data-linkage = Own files that the data may be joined with: { $linkage }
agreement-data-no-linkage = Own files that the data may be joined with: none
agreement-data-volume = Questions or records a day: at most { $volume }

agreement-heading-8 = Purpose and use
agreement-text-8 = The reuser uses the data for this purpose: { $purpose }. For this purpose it may copy, arrange and analyse the data. It may join them with other files only as far as article 7 says. It does not try to identify persons whom the data do not name themselves, and does not undo pseudonyms or other protection. Beyond what the purpose itself asks, it makes no profiles of persons, and does not sell, lend or rent the data. It may train a model with the data for this purpose only; a model from which the data can be derived again counts as data.

agreement-heading-9 = Users, processors and place
agreement-text-9 = Only persons who work under the authority of the reuser and need the data for the purpose use them. The reuser keeps a list of these persons. A processor works under a written contract with the duties of this deal. The data are processed in the countries that the request states; if it states none, within the European Economic Area.

agreement-heading-10 = Data protection
agreement-text-10 = { $personal ->
    [yes] The data hold personal data. The provider is controller for giving the data, the reuser for its use of them. The provider gives them on the ground of article 5. The reuser has a legal basis of its own and can show it. It uses special categories of personal data only where the law allows that. It informs the persons concerned and assesses the effects of its use where the General Data Protection Regulation (GDPR) asks for it. It answers their requests about its use, and passes requests about the source on to the provider. It brings no personal data outside the European Economic Area without a basis in the GDPR. If the parties decide together on the use, or one works on behalf of the other, the use starts only after they have signed the arrangement that the GDPR then asks for.
   *[no] As far as the provider knows, the data hold no personal data. If the reuser finds personal data all the same, it stops using them, tells the provider without delay, and acts by the General Data Protection Regulation (GDPR).
}

agreement-heading-11 = Rights of others and secrets
agreement-text-11 = This deal transfers no rights. The reuser respects copyright, database rights, business secrets and statistical secrecy of the provider and of third parties.

agreement-heading-12 = Delivery
agreement-text-12 = The provider gives the data as soon as possible after this deal is active (article 32), and tells the reuser from which day. Place, channel and format are those of the catalogue. The provider takes care that the data can be reached, but does not guarantee it. It announces planned interruptions beforehand. Who needs help asks the contact of article 4.

agreement-heading-13 = Security
agreement-text-13 = The reuser protects the data against loss and misuse, as the state of the art asks. At least: access with a personal account for the persons of article 9 only, encryption during transfer and in storage, and a record of who used the data. On request the reuser shows how it does this.

agreement-heading-14 = Clauses from the conditions
agreement-text-14 = { $clauses ->
    [0] The conditions of this dataset add no clauses.
   *[other] These clauses come from the conditions of the dataset. Each has the name of its condition. Where a clause and another article speak of the same subject, the clause goes first.
}

agreement-heading-15 = Extra terms
agreement-text-15 = { $terms ->
    [0] The provider added no terms.
   *[other] The provider added these terms to its decision, with its reasons. Where a term and another article speak of the same subject, the term goes first.
}

agreement-heading-16 = Results
agreement-text-16 = The results belong to the reuser. It may use and publish them in a form from which nobody can learn what the data say of a single person or business. It names the provider as the source, and does not suggest that the provider approves of the results. A model or file from which the data can be derived again is no result (articles 6 and 8).

agreement-heading-17 = Passing on
agreement-text-17 = The reuser does not pass the data on to third parties. Exceptions: the law obliges it, or a clause or the provider in writing allows it. In the second case the third party first accepts the same terms.

agreement-heading-18 = Term
agreement-text-18 = This deal runs from { $from } { $until }. It is not renewed by itself. In its last three months the provider may offer a deal that follows it, if it passes the conditions of that day. Who wants other data or another purpose submits a new request. If evidence on which this deal rests lapses before the end, the reuser hands in new evidence in time; otherwise article 26 applies.

agreement-heading-19 = Keeping and deleting
agreement-text-19 = The reuser keeps the data no longer than the purpose needs, and not after the end of this deal. It then deletes the data with all copies, and confirms that in writing within thirty days. It may keep the results. What the law obliges it to keep, it keeps as long as the law says and uses for nothing else. Articles 8, 10, 11, 16, 17, 19, 24, 27, 28 and 30 go on after the end.

agreement-heading-20 = Fee
agreement-text-20 = { $fees ->
    [0] No fee is due.
   *[other] The reuser pays the fee that is listed here, by the published tariff. A discount counts for a reuser for whom it is meant on the day of signing. The law limits what the fee may cover. The provider sends an invoice.
} This deal gives no exclusive right.
agreement-fee = { $id }: { $tariff }

agreement-heading-21 = Service in return
agreement-text-21 = The reuser owes no other service in return than a clause of article 14 or 15 names.

agreement-heading-22 = Reports and feedback
agreement-text-22 = The reuser tells the provider which faults it finds in the data. When the provider asks, but not more than once a year, it says in short for what it used the data. It owes other reports only where a clause asks for them.

agreement-heading-23 = Incidents
agreement-text-23 = { $incident ->
    [none] The reuser reports each incident to the provider without delay, and at the latest three days after it came to light.
   *[other] The reuser reports each incident to the provider, within the time that { $incident } sets.
} The report says what happened, which data and persons it concerns, and what was done. The reuser limits the damage.

agreement-heading-24 = Supervision
agreement-text-24 = The provider may check whether the reuser keeps to this deal. It announces a check ten working days beforehand, unless there is a serious suspicion. The reuser gives the information that is needed. Each party bears its own costs. If the check shows a serious breach, the reuser bears the costs of the check.

agreement-heading-25 = Changes
agreement-text-25 = A change of this deal is a new record that both parties sign. A new version of the conditions reaches this deal only if that version says so, and from the day that it names. The provider then looks at this deal again, and article 26 applies if the deal no longer passes. Every other new version counts from a renewal on. If the law forces a change, the provider says so two months beforehand, or as long beforehand as the law allows. The reuser may then end this deal.

agreement-heading-26 = Suspension and end
agreement-text-26 = The reuser may end this deal at any time by a notice. The provider may suspend this deal after an incident, at a serious suspicion of one, or when a condition is no longer met. It may revoke this deal when the decision of article 1 ends, when a condition stays unmet, or when the reuser breaks this deal and does not mend that within a reasonable time that the provider has set. It hears the reuser first, unless that cannot wait, and says with each suspension and revocation where and until when the reuser can object. During a suspension the reuser only keeps the data safe. After the end article 19 applies. Results that were made and published before remain. This deal ends when the reuser goes bankrupt or ceases to exist. It passes to a successor only if the provider agrees in writing.

agreement-heading-27 = Evidence and language
agreement-text-27 = The parties accept the signed records and their entries in the log as evidence of content, order and time, unless the contrary is proven. The signature of the provider has the level “{ $level ->
    [advanced] advanced (claimed)
   *[simple] simple
}”, and its key is kept by { $holder ->
    [service] the service
   *[self] the provider itself
}. The acceptance states the same of the reuser. If the Dutch and the English text differ, the { $language ->
    [nl] Dutch
   *[en] English
} text prevails.

agreement-heading-28 = Liability
agreement-text-28 = The provider does not promise that the data are complete, correct or fit for the purpose. It is not liable for damage by the use of the data. The reuser is liable for damage that arises because it breaks this deal. This article limits nothing in the case of intent or gross fault, or of a duty under data protection law.

agreement-heading-29 = Publicity
agreement-text-29 = The provider publishes the main points of this deal in its register: parties, dataset, purpose, term, fee and clauses. It names no natural persons there. This deal falls under the Open Government Act (Woo). A party that wants business secrets to stay secret marks them and says why.

agreement-heading-30 = Complaints and disputes
agreement-text-30 = A complaint goes first to the contact of article 4, who answers within four weeks. Dutch law applies to this deal. A dispute is decided by the competent court of the district where the provider has its seat. Objection and appeal against the decision of article 1 are open as that decision says.

agreement-heading-31 = Annexes
agreement-text-31 = These documents belong to this deal. Their digests show that nobody changed them since. The decision input names the conditions, the facts and the time of the decision.
agreement-annex-decision = Decision { $decision }: { $digest }
agreement-annex-input = Decision input: { $digest }
agreement-annex-dataset = Dataset as described in article 7: { $digest }

agreement-heading-32 = Signing
agreement-text-32 = The provider signs this deal as an offer. The offer stands { $offer }. The reuser accepts it by signing a record that names the digests of this deal and of these words. The deal is active when both records are in the log. Each record states its day and the level of its signature, and the log gives each a number and a proof. Anyone can check this without logging in: datadeal verify FILE --log-key KEY.
