// Prints each message of a topic, read by franz-go or sarama: go run . franz-go localhost:9092 sor.units 120 [committed]
//
// The attributes are put into an event of the CloudEvents library for Go. Its own bindings for Kafka are modules apart.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/IBM/sarama"
	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/twmb/franz-go/pkg/kgo"
)

func tell(key, value []byte, headers map[string]string) string {
	if value == nil {
		return string(key) + " null"
	}
	event := cloudevents.New()
	if strings.HasPrefix(headers["content-type"], "application/cloudevents+json") {
		if err := event.UnmarshalJSON(value); err != nil {
			return string(key) + " no event"
		}
	} else {
		for name, text := range headers {
			name, found := strings.CutPrefix(name, "ce_")
			if !found {
				continue
			}
			if err := set(&event, name, text); err != nil {
				panic(err)
			}
		}
	}
	if event.Validate() != nil {
		return string(key) + " no event"
	}
	return fmt.Sprintf("%s %s %d %v", key, event.ID(), event.Time().UnixMilli(), event.Extensions()["sequence"])
}

func set(event *cloudevents.Event, name, text string) error {
	switch name {
	case "id":
		event.SetID(text)
	case "source":
		event.SetSource(text)
	case "type":
		event.SetType(text)
	case "subject":
		event.SetSubject(text)
	case "dataschema":
		event.SetDataSchema(text)
	case "time":
		at, err := time.Parse(time.RFC3339Nano, text)
		event.SetTime(at)
		return err
	case "specversion":
	default:
		event.SetExtension(name, text)
	}
	return nil
}

func main() {
	client, servers, topic := os.Args[1], os.Args[2], os.Args[3]
	count, _ := strconv.Atoi(os.Args[4])
	read := map[string]func(string, string, int, bool){"franz-go": readByFranz, "sarama": readBySarama}[client]
	read(servers, topic, count, len(os.Args) > 5)
}

func readByFranz(servers, topic string, count int, committed bool) {
	options := []kgo.Opt{kgo.SeedBrokers(servers), kgo.ConsumeTopics(topic)}
	if committed {
		options = append(options, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		panic(err)
	}
	defer client.Close()
	for count > 0 {
		client.PollFetches(context.Background()).EachRecord(func(record *kgo.Record) {
			headers := map[string]string{}
			for _, header := range record.Headers {
				headers[header.Key] = string(header.Value)
			}
			fmt.Println(tell(record.Key, record.Value, headers))
			count--
		})
	}
}

func readBySarama(servers, topic string, count int, committed bool) {
	config := sarama.NewConfig()
	if committed {
		config.Consumer.IsolationLevel = sarama.ReadCommitted
	}
	consumer, err := sarama.NewConsumer([]string{servers}, config)
	if err != nil {
		panic(err)
	}
	partitions, err := consumer.Partitions(topic)
	if err != nil {
		panic(err)
	}
	told := make(chan string)
	for _, partition := range partitions {
		reader, err := consumer.ConsumePartition(topic, partition, sarama.OffsetOldest)
		if err != nil {
			panic(err)
		}
		go func() {
			for message := range reader.Messages() {
				headers := map[string]string{}
				for _, header := range message.Headers {
					headers[string(header.Key)] = string(header.Value)
				}
				told <- tell(message.Key, message.Value, headers)
			}
		}()
	}
	for ; count > 0; count-- {
		fmt.Println(<-told)
	}
}
